// Java's own Signature and Cipher, and Gson: what wechatpay-java uses. Serves benches/peers/turns.py:
// java -cp gson.jar:. Jobs FIXTURE

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

public final class Jobs {
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Gson GSON = new Gson();
    private static Path directory;
    private static Map<String, String> merchant, headers;
    private static String order, body;
    private static PrivateKey privateKey;
    private static PublicKey publicKey;

    private static String text(String name) throws Exception {
        return Files.readString(directory.resolve(name));
    }

    private static Map<String, String> lines(String name, String separator) throws Exception {
        Map<String, String> found = new HashMap<>();
        for (String line : text(name).trim().split("\n")) {
            String[] parts = line.split(separator, 2);
            found.put(parts[0], parts[1]);
        }
        return found;
    }

    private static byte[] der(String name) throws Exception {
        return Base64.getDecoder().decode(text(name).replaceAll("-----[A-Z ]+-----|\\s", ""));
    }

    private static int authorization() throws Exception {
        char[] nonce = new char[32];
        for (int i = 0; i < nonce.length; i++) nonce[i] = LETTERS.charAt(RANDOM.nextInt(LETTERS.length()));
        String once = new String(nonce);
        long time = Instant.now().getEpochSecond();
        String text = "POST\n/v3/pay/transactions/native\n" + time + "\n" + once + "\n" + order + "\n";
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(privateKey);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        String header = "WECHATPAY2-SHA256-RSA2048 mchid=\"" + merchant.get("mchid") + "\",nonce_str=\"" + once
            + "\",timestamp=\"" + time + "\",serial_no=\"" + merchant.get("serial") + "\",signature=\""
            + Base64.getEncoder().encodeToString(signature.sign()) + "\"";
        return header.length();
    }

    private static int notification() throws Exception {
        String time = headers.get("Wechatpay-Timestamp");
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(time)) > 300
            || !headers.get("Wechatpay-Serial").equals(merchant.get("public_key_id"))) throw new IllegalStateException("expired, or another key");
        String text = time + "\n" + headers.get("Wechatpay-Nonce") + "\n" + body + "\n";
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(publicKey);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        if (!signature.verify(Base64.getDecoder().decode(headers.get("Wechatpay-Signature")))) throw new IllegalStateException("forged");
        JsonObject resource = GSON.fromJson(body, JsonObject.class).getAsJsonObject("resource");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
            Cipher.DECRYPT_MODE,
            new SecretKeySpec(merchant.get("api_v3_key").getBytes(StandardCharsets.UTF_8), "AES"),
            new GCMParameterSpec(128, resource.get("nonce").getAsString().getBytes(StandardCharsets.UTF_8)));
        cipher.updateAAD(resource.get("associated_data").getAsString().getBytes(StandardCharsets.UTF_8));
        byte[] plain = cipher.doFinal(Base64.getDecoder().decode(resource.get("ciphertext").getAsString()));
        JsonObject transaction = GSON.fromJson(new String(plain, StandardCharsets.UTF_8), JsonObject.class);
        if (!transaction.get("trade_state").getAsString().equals("SUCCESS")) throw new IllegalStateException("not paid");
        return plain.length;
    }

    public static void main(String[] words) throws Exception {
        directory = Path.of(words[0]);
        merchant = lines("merchant", "=");
        headers = lines("notification.headers", ": ");
        order = text("order.json");
        body = text("notification.json");
        KeyFactory factory = KeyFactory.getInstance("RSA");
        privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(der("private.pem")));
        publicKey = factory.generatePublic(new X509EncodedKeySpec(der("public.pem")));
        System.out.println(System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        int used = 0;
        for (String line; (line = input.readLine()) != null; ) {
            String[] parts = line.split(" ");
            double[] times = new double[Integer.parseInt(parts[1])];
            for (int i = 0; i < times.length; i++) {
                long start = System.nanoTime();
                used += parts[0].equals("authorization") ? authorization() : notification();
                times[i] = (System.nanoTime() - start) / 1000.0;
            }
            Arrays.sort(times);
            System.out.println(times[times.length / 2]);
        }
        if (used == 0) System.err.println("nothing was done");
    }
}
