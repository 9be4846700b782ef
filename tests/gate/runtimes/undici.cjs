const { request } = require("undici");
const [url, auth, body] = process.argv.slice(2);
request(url, { method: "POST", headers: { authorization: auth, "content-type": "application/json" }, body }).then((answer) => console.log(answer.statusCode));
