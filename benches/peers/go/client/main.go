// What wechatpay-go does for a request, with Go's own libraries: its client marshals the order, signs it with
// crypto/rsa, sends it by a http.Client with a timeout, reads the whole answer and validates it by the certificate or
// public key of its serial, then unmarshals it. (wechatpay-go itself is in none of the registries that the benchmark
// uses.)
//
//	client MERCHANT-JSON BODY-FILE
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const target = "/v3/pay/transactions/native"

// Of the Native order, as wechatpay-go's services/payments/native has it.
type order struct {
	Appid       string `json:"appid"`
	Mchid       string `json:"mchid"`
	Description string `json:"description"`
	OutTradeNo  string `json:"out_trade_no"`
	NotifyURL   string `json:"notify_url"`
	TimeExpire  string `json:"time_expire,omitempty"`
	Attach      string `json:"attach,omitempty"`
	Amount      struct {
		Total    int64  `json:"total"`
		Currency string `json:"currency,omitempty"`
	} `json:"amount"`
	SceneInfo struct {
		PayerClientIP string `json:"payer_client_ip"`
	} `json:"scene_info"`
}

type merchant struct {
	Mchid       string `json:"mchid"`
	Serial      string `json:"merchant_serial"`
	PrivateFile string `json:"private_key_file"`
	PublicID    string `json:"public_key_id"`
	PublicFile  string `json:"public_key_file"`
	BundleFile  string `json:"_bundle_file"`
	BaseURL     string `json:"base_url"`
}

type client struct {
	merchant
	private *rsa.PrivateKey
	public  *rsa.PublicKey
	http    *http.Client
	order   order
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func content(path string) []byte {
	text, err := os.ReadFile(path)
	must(err)
	return text
}

func newClient(path, body string) *client {
	c := &client{}
	must(json.Unmarshal(content(path), &c.merchant))
	must(json.Unmarshal(content(body), &c.order))
	block, _ := pem.Decode(content(c.PrivateFile))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(err)
	c.private = private.(*rsa.PrivateKey)
	block, _ = pem.Decode(content(c.PublicFile))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	must(err)
	c.public = public.(*rsa.PublicKey)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(content(c.BundleFile))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	c.http = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	return c
}

func nonce() string {
	const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	random := make([]byte, 32)
	_, err := rand.Read(random)
	must(err)
	for i, b := range random {
		random[i] = symbols[int(b)%len(symbols)]
	}
	return string(random)
}

func (c *client) authorization(body []byte) string {
	at, once := time.Now().Unix(), nonce()
	message := fmt.Sprintf("POST\n%s\n%d\n%s\n%s\n", target, at, once, body)
	digest := sha256.Sum256([]byte(message))
	signature, err := rsa.SignPKCS1v15(rand.Reader, c.private, crypto.SHA256, digest[:])
	must(err)
	return fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",timestamp="%d",serial_no="%s",signature="%s"`,
		c.Mchid, once, at, c.Serial, base64.StdEncoding.EncodeToString(signature))
}

func (c *client) request() {
	body, err := json.Marshal(c.order)
	must(err)
	request, err := http.NewRequestWithContext(context.Background(), "POST", c.BaseURL+target, bytes.NewReader(body))
	must(err)
	request.Header.Set("Accept", "*/*")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "WechatPay-Go/0.2.20")
	request.Header.Set("Wechatpay-Serial", c.PublicID)
	request.Header.Set("Authorization", c.authorization(body))
	response, err := c.http.Do(request)
	must(err)
	answer, err := io.ReadAll(response.Body)
	must(err)
	must(response.Body.Close())
	must(c.validate(response, answer))
	var said struct {
		CodeURL string `json:"code_url"`
	}
	must(json.Unmarshal(answer, &said))
	if !strings.HasPrefix(said.CodeURL, "weixin://") {
		must(errors.New("no code_url"))
	}
}

func (c *client) validate(response *http.Response, body []byte) error {
	at := response.Header.Get("Wechatpay-Timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return err
	}
	age := time.Since(time.Unix(seconds, 0))
	if age > 5*time.Minute || age < -5*time.Minute || response.Header.Get("Wechatpay-Serial") != c.PublicID {
		return errors.New("expired, or of an unknown key")
	}
	signature, err := base64.StdEncoding.DecodeString(response.Header.Get("Wechatpay-Signature"))
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%s\n", at, response.Header.Get("Wechatpay-Nonce"), body)))
	return rsa.VerifyPKCS1v15(c.public, crypto.SHA256, digest[:], signature)
}

func busy() int64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// Turns asked for on standard input, times on standard output: benches/network/sides.py.
func main() {
	c := newClient(os.Args[1], os.Args[2])
	lines, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		requests, err := strconv.Atoi(lines.Text())
		must(err)
		samples, spent := make([]time.Duration, requests), busy()
		for i := range samples {
			start := time.Now()
			c.request()
			samples[i] = time.Since(start)
		}
		spent = busy() - spent
		for _, sample := range samples {
			fmt.Fprintln(out, sample.Nanoseconds())
		}
		fmt.Fprintln(out, "end 0", spent)
		must(out.Flush())
	}
}
