const fetch = require("node-fetch");
const [url, auth, body] = process.argv.slice(2);
fetch(url, { method: "POST", headers: { Authorization: auth, "Content-Type": "application/json" }, body }).then((answer) => console.log(answer.status));
