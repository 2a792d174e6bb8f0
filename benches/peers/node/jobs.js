// Node's own crypto, which the SDKs for Node call. Serves benches/peers/turns.py: node jobs.js FIXTURE
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const readline = require('readline');

const read = (name) => fs.readFileSync(`${process.argv[2]}/${name}`);
const lines = (name, separator) => Object.fromEntries(read(name).toString().trim().split('\n').map((line) => {
  const at = line.indexOf(separator);
  return [line.slice(0, at), line.slice(at + separator.length)];
}));
const merchant = lines('merchant', '=');
// As Node's http server hands them out.
const headers = Object.fromEntries(Object.entries(lines('notification.headers', ': ')).map(([name, value]) => [name.toLowerCase(), value]));
const order = read('order.json').toString();
const body = read('notification.json').toString();
const privateKey = crypto.createPrivateKey(read('private.pem'));
const publicKey = crypto.createPublicKey(read('public.pem'));
const apiV3Key = Buffer.from(merchant.api_v3_key);

function authorization() {
  const nonce = crypto.randomBytes(16).toString('hex');
  const time = Math.floor(Date.now() / 1000);
  const text = `POST\n/v3/pay/transactions/native\n${time}\n${nonce}\n${order}\n`;
  const signature = crypto.createSign('RSA-SHA256').update(text).sign(privateKey, 'base64');
  return `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${time}",serial_no="${merchant.serial}"`;
}

function notification() {
  const time = headers['wechatpay-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300 || headers['wechatpay-serial'] !== merchant.public_key_id) throw new Error('expired, or another key');
  const text = `${time}\n${headers['wechatpay-nonce']}\n${body}\n`;
  if (!crypto.createVerify('RSA-SHA256').update(text).verify(publicKey, headers['wechatpay-signature'], 'base64')) throw new Error('forged');
  const { resource } = JSON.parse(body);
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const decipher = crypto.createDecipheriv('aes-256-gcm', apiV3Key, resource.nonce);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  decipher.setAAD(Buffer.from(resource.associated_data));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]).toString();
  if (JSON.parse(plain).trade_state !== 'SUCCESS') throw new Error('not paid');
}

process.stdout.write(`${process.version}, OpenSSL ${process.versions.openssl}\n`);
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [job, calls] = line.split(' ');
  const call = job === 'authorization' ? authorization : notification;
  const times = [];
  for (let i = 0; i < Number(calls); i++) {
    const start = process.hrtime.bigint();
    call();
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  process.stdout.write(`${times[times.length >> 1]}\n`);
});
