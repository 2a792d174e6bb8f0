// Node's own https and crypto, as its SDKs use them: an agent that keeps connections, both keys parsed once.
//
//     node client.js MERCHANT-JSON BODY-FILE
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const readline = require('readline');

const target = '/v3/pay/transactions/native';
const merchant = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const order = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
const privateKey = crypto.createPrivateKey(fs.readFileSync(merchant.private_key_file));
const publicKey = crypto.createPublicKey(fs.readFileSync(merchant.public_key_file));
const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(merchant._bundle_file) });
const { hostname, port } = new URL(merchant.base_url);

function authorization(body) {
  const nonce = crypto.randomBytes(16).toString('hex');
  const time = Math.floor(Date.now() / 1000);
  const signature = crypto.sign('RSA-SHA256', Buffer.from(`POST\n${target}\n${time}\n${nonce}\n${body}\n`), privateKey);
  return `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${nonce}",timestamp="${time}",` +
    `serial_no="${merchant.merchant_serial}",signature="${signature.toString('base64')}"`;
}

function genuine(headers, body) {
  const time = headers['wechatpay-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300 || headers['wechatpay-serial'] !== merchant.public_key_id) return false;
  const message = Buffer.from(`${time}\n${headers['wechatpay-nonce']}\n${body}\n`);
  return crypto.verify('RSA-SHA256', message, publicKey, Buffer.from(headers['wechatpay-signature'], 'base64'));
}

function request() {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(order);
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': 'node',
      'Wechatpay-Serial': merchant.public_key_id,
      Authorization: authorization(body),
    };
    const sent = https.request({ hostname, port, path: target, method: 'POST', agent, headers, timeout: 30000 }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode !== 200 || !genuine(answer.headers, text)) return reject(new Error('not genuine'));
        return resolve(JSON.parse(text).code_url);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

// Turns asked for on standard input, times on standard output: benches/network/sides.py.
async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const samples = [];
    const before = process.cpuUsage();
    for (let left = Number(line); left > 0; left -= 1) {
      const start = process.hrtime.bigint();
      await request();
      samples.push(process.hrtime.bigint() - start);
    }
    const spent = process.cpuUsage(before);
    process.stdout.write(`${samples.join('\n')}\nend 0 ${(spent.user + spent.system) * 1000}\n`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
