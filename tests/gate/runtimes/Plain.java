import java.net.HttpURLConnection;
import java.net.URI;

public class Plain {
    public static void main(String[] words) throws Exception {
        HttpURLConnection call = (HttpURLConnection) URI.create(words[0]).toURL().openConnection();
        call.setRequestMethod("POST");
        call.setRequestProperty("Authorization", words[1]);
        call.setRequestProperty("Content-Type", "application/json");
        call.setDoOutput(true);
        call.getOutputStream().write(words[2].getBytes("UTF-8"));
        System.out.println(call.getResponseCode());
    }
}
