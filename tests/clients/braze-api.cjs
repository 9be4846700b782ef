// braze-api from npm: a full and a minimal export request.
const { Braze } = require(require.resolve("braze-api", { paths: [process.cwd()] }));
const env = (name) => process.env["EXPORT_CONTRACTS_BRAZE_" + name];
const url = process.argv[2] || env("URL");
const braze = new Braze(url, env("TOKEN"));

async function main() {
  const full = await braze.users.export.segment({
    segment_id: env("SEGMENT_ID"),
    callback_endpoint: "http://127.0.0.1:9/callback",
    fields_to_export: ["first_name", "email", "purchases"],
    output_format: "zip",
  });
  if (full.message !== "success") throw new Error(JSON.stringify(full));
  const minimal = await braze.users.export.segment({
    segment_id: env("SECOND_SEGMENT_ID"),
    fields_to_export: ["external_id"],
  });
  if (minimal.message !== "success") throw new Error(JSON.stringify(minimal));
}

main().catch((error) => { console.error(error); process.exit(1); });
