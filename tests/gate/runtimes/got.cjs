const got = require("got");
const [url, auth, body] = process.argv.slice(2);
got.post(url, { json: JSON.parse(body), headers: { Authorization: auth } }).then((answer) => console.log(answer.statusCode));
