const [url, auth, body] = process.argv.slice(2);
const answer = await fetch(url, { method: "POST", headers: { Authorization: auth, "Content-Type": "application/json" }, body });
console.log(answer.status);
