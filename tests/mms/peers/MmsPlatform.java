import java.io.IOException;
import java.net.*;
import java.util.*;
import javax.xml.namespace.QName;
import javax.xml.soap.*;
import org.w3c.dom.NodeList;

public class MmsPlatform {
    static final String NS = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4";
    static HttpURLConnection http;

    public static void main(String[] args) throws Exception {
        String user = System.getProperty("user");
        if (user != null)
            Authenticator.setDefault(new Authenticator() {
                @Override protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication(user, System.getProperty("password", "").toCharArray());
                }
            });
        URL url = new URL(null, args[0], new URLStreamHandler() {
            @Override protected URLConnection openConnection(URL u) throws IOException {
                return http = (HttpURLConnection) new URL(u.toExternalForm()).openConnection();
            }
        });
        SOAPConnection connection = SOAPConnectionFactory.newInstance().createConnection();
        for (int i = 0; i < Integer.getInteger("count", 1); i++) {
            Map<String, Object> result = new LinkedHashMap<>();
            try {
                SOAPMessage answer = connection.call(submit(args), url);
                result.put("http", http.getResponseCode());
                SOAPBody body = answer.getSOAPBody();
                if (body.hasFault()) result.put("fault", body.getFault().getFaultString());
                result.put("status", text(body, "StatusCode"));
                result.put("text", text(body, "StatusText"));
                result.put("details", text(body, "Details"));
                result.put("transaction", text(answer.getSOAPHeader(), "TransactionID"));
                result.put("message_id", text(body, "MessageID"));
            } catch (SOAPException e) {
                Throwable cause = e;
                while (cause.getCause() != null) cause = cause.getCause();
                if (cause.getMessage().startsWith("Bad response")) result.put("http", http.getResponseCode());
                result.put("error", cause.toString());
            }
            System.out.println(json(result));
        }
    }

    static SOAPMessage submit(String[] args) throws Exception {
        SOAPMessage message = MessageFactory.newInstance().createMessage();
        message.getSOAPHeader().addHeaderElement(new QName(NS, "TransactionID", "mm7"))
            .addTextNode(UUID.randomUUID().toString());
        SOAPElement request = message.getSOAPBody().addChildElement(new QName(NS, "SubmitReq", "mm7"));
        request.addChildElement("MM7Version", "mm7").addTextNode("6.8.0");
        request.addChildElement("SenderIdentification", "mm7").addChildElement("SenderAddress", "mm7")
            .addChildElement("Number", "mm7").addTextNode(args[1]);
        SOAPElement to = request.addChildElement("Recipients", "mm7").addChildElement("To", "mm7");
        for (int i = 2; i < args.length; i++) to.addChildElement("Number", "mm7").addTextNode(args[i]);
        request.addChildElement("Subject", "mm7").addTextNode("picture");

        AttachmentPart words = message.createAttachmentPart(
            System.getProperty("text", "Hello"), "text/plain; charset=utf-8");
        words.setContentId("<text>");
        message.addAttachmentPart(words);
        byte[] octets = new byte[Integer.getInteger("image", 1000)];
        new Random(1).nextBytes(octets);
        AttachmentPart image = message.createAttachmentPart();
        image.setRawContentBytes(octets, 0, octets.length, "image/jpeg");
        image.setContentId("<image>");
        message.addAttachmentPart(image);
        return message;
    }

    static String text(SOAPElement parent, String name) {
        NodeList found = parent == null ? null : parent.getElementsByTagNameNS("*", name);
        return found == null || found.getLength() == 0 ? null : found.item(0).getTextContent().strip();
    }

    static String json(Object value) {
        if (value == null || value instanceof Number) return String.valueOf(value);
        if (value instanceof Map<?, ?> map) {
            StringJoiner all = new StringJoiner(", ", "{", "}");
            map.forEach((k, v) -> all.add(json(k) + ": " + json(v)));
            return all.toString();
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toString().toCharArray())
            out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        return out.append('"').toString();
    }
}
