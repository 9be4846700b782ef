// Lets node run TypeScript as it stands: compiled in memory, loaded with -r.
const { readFileSync } = require("node:fs");
const compiler = require("typescript");
require.extensions[".ts"] = (module, file) => {
  const options = { compilerOptions: { module: "commonjs", target: "es2022" } };
  module._compile(compiler.transpileModule(readFileSync(file, "utf8"), options).outputText, file);
};
