// Go's crypto/rsa, which wechatpay-go calls. Serves benches/peers/turns.py: jobs FIXTURE
package main

import (
	"bufio"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"
)

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

var (
	merchant, headers map[string]string
	order, body       string
	privateKey        *rsa.PrivateKey
	publicKey         *rsa.PublicKey
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func read(name string) []byte {
	text, err := os.ReadFile(os.Args[1] + "/" + name)
	must(err)
	return text
}

func lines(name, separator string) map[string]string {
	found := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(read(name))), "\n") {
		parts := strings.SplitN(line, separator, 2)
		found[parts[0]] = parts[1]
	}
	return found
}

func authorization() {
	random := make([]byte, 32)
	_, err := rand.Read(random)
	must(err)
	for i, octet := range random {
		random[i] = letters[int(octet)%len(letters)]
	}
	nonce, now := string(random), time.Now().Unix()
	text := fmt.Sprintf("POST\n/v3/pay/transactions/native\n%d\n%s\n%s\n", now, nonce, order)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, privateKey, crypto.SHA256, digest[:])
	must(err)
	_ = fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",timestamp="%d",serial_no="%s",signature="%s"`,
		merchant["mchid"], nonce, now, merchant["serial"], base64.StdEncoding.EncodeToString(signature))
}

type envelope struct {
	ID, Summary  string
	CreateTime   string `json:"create_time"`
	EventType    string `json:"event_type"`
	ResourceType string `json:"resource_type"`
	Resource     struct {
		Algorithm, Ciphertext, Nonce string
		AssociatedData               string `json:"associated_data"`
		OriginalType                 string `json:"original_type"`
	}
}

func notification() {
	seconds, err := strconv.ParseInt(headers["Wechatpay-Timestamp"], 10, 64)
	must(err)
	away := time.Now().Unix() - seconds
	if away > 300 || away < -300 || headers["Wechatpay-Serial"] != merchant["public_key_id"] {
		panic("expired, or another key")
	}
	text := headers["Wechatpay-Timestamp"] + "\n" + headers["Wechatpay-Nonce"] + "\n" + body + "\n"
	signature, err := base64.StdEncoding.DecodeString(headers["Wechatpay-Signature"])
	must(err)
	digest := sha256.Sum256([]byte(text))
	must(rsa.VerifyPKCS1v15(publicKey, crypto.SHA256, digest[:], signature))
	var outer envelope
	must(json.Unmarshal([]byte(body), &outer))
	sealed, err := base64.StdEncoding.DecodeString(outer.Resource.Ciphertext)
	must(err)
	block, err := aes.NewCipher([]byte(merchant["api_v3_key"]))
	must(err)
	gcm, err := cipher.NewGCM(block)
	must(err)
	plain, err := gcm.Open(nil, []byte(outer.Resource.Nonce), sealed, []byte(outer.Resource.AssociatedData))
	must(err)
	transaction := map[string]any{}
	must(json.Unmarshal(plain, &transaction))
	if transaction["trade_state"] != "SUCCESS" {
		panic("not paid")
	}
}

func main() {
	merchant, headers = lines("merchant", "="), lines("notification.headers", ": ")
	order, body = string(read("order.json")), string(read("notification.json"))
	block, _ := pem.Decode(read("private.pem"))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(err)
	block, _ = pem.Decode(read("public.pem"))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	must(err)
	privateKey, publicKey = private.(*rsa.PrivateKey), public.(*rsa.PublicKey)

	fmt.Println(runtime.Version())
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		words := strings.Fields(input.Text())
		calls, err := strconv.Atoi(words[1])
		must(err)
		call := notification
		if words[0] == "authorization" {
			call = authorization
		}
		times := make([]float64, calls)
		for i := range times {
			start := time.Now()
			call()
			times[i] = float64(time.Since(start).Nanoseconds()) / 1000
		}
		sort.Float64s(times)
		fmt.Println(times[calls/2])
	}
}
