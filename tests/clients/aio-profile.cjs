// @adobe/aio-lib-customer-profile from npm: lists the export jobs and looks at one; with "order", orders one first.
const { init } = require(require.resolve("@adobe/aio-lib-customer-profile", { paths: [process.cwd()] }));
const env = (name) => process.env["EXPORT_CONTRACTS_ADOBE_" + name];

async function main() {
  const jobs = await init("tenant", env("ORG_ID"), env("API_KEY"), env("TOKEN"), env("SANDBOX"));
  if (process.argv[2] === "order") {
    const body = { destination: { datasetId: env("DATASET_ID") }, schema: { name: env("SCHEMA_NAME") } };
    await jobs.postScanJobRoute({}, { body }).catch((error) => console.error(String(error)));
    return;
  }
  const { body } = await jobs.getScanJobsRoute({ limit: 2, status: "SUCCEEDED" });
  await jobs.getScanJobRoute({ exportJobId: body.records[0].id });
}

main().catch((error) => { console.error(error); process.exit(1); });
