const https = require("node:https");
const http = require("node:http");
const [url, auth, body] = process.argv.slice(2);
const library = url.startsWith("https") ? https : http;
const agent = new library.Agent({ keepAlive: true });
const options = { method: "POST", agent, headers: { Authorization: auth, "Content-Type": "application/json" } };
library.request(url, options, (answer) => { answer.resume(); answer.on("end", () => { console.log(answer.statusCode); agent.destroy(); }); }).end(body);
