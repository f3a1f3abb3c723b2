import com.sun.net.httpserver.*;
import com.sun.xml.messaging.saaj.packaging.mime.internet.ContentType;
import com.sun.xml.messaging.saaj.packaging.mime.internet.MimeMultipart;
import java.io.*;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.Executors;
import javax.activation.DataHandler;
import javax.xml.namespace.QName;
import javax.xml.soap.*;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

public class MmsReceiver {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.getInteger("port", 0)), 0);
        HttpContext context = server.createContext("/", MmsReceiver::answer);
        String user = System.getProperty("user");
        if (user != null)
            context.setAuthenticator(new BasicAuthenticator("mm7") {
                @Override public boolean checkCredentials(String name, String password) {
                    return name.equals(user) && password.equals(System.getProperty("password", ""));
                }
            });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        print(Map.of("port", server.getAddress().getPort()));
    }

    static void answer(HttpExchange exchange) throws IOException {
        Map<String, Object> seen = new LinkedHashMap<>();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int status = 200;
        try {
            MimeHeaders headers = new MimeHeaders();
            exchange.getRequestHeaders().forEach((name, values) -> values.forEach(v -> headers.addHeader(name, v)));
            SOAPMessage message = MessageFactory.newInstance().createMessage(headers, exchange.getRequestBody());
            Element request = (Element) children(message.getSOAPBody()).get(0);
            String transaction = texts(message.getSOAPHeader(), "TransactionID").get(0);
            String kind = request.getLocalName();
            List<String> words = new ArrayList<>();
            int parts = 0;
            for (Iterator<?> i = message.getAttachments(); i.hasNext(); ) {
                AttachmentPart part = (AttachmentPart) i.next();
                parts += read(part.getDataHandler(), words);
            }
            seen.put("kind", kind);
            seen.put("transaction", transaction);
            seen.put("sender", String.join("", texts(request, kind.equals("SubmitReq") ? "SenderAddress" : "Sender")));
            seen.put("recipients", addresses(request));
            seen.put("attachments", message.countAttachments());
            seen.put("parts", parts);
            seen.put("texts", words);
            reply(request, transaction, kind.replace("Req", "Rsp")).writeTo(octets);
        } catch (Exception e) {
            status = 400;
            seen.put("error", e.toString());
        }
        print(seen);
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(status, octets.size() == 0 ? -1 : octets.size());
        exchange.getResponseBody().write(octets.toByteArray());
        exchange.close();
    }

    static SOAPMessage reply(Element request, String transaction, String kind) throws SOAPException {
        String ns = request.getNamespaceURI();
        SOAPMessage message = MessageFactory.newInstance().createMessage();
        SOAPHeaderElement id = message.getSOAPHeader().addHeaderElement(new QName(ns, "TransactionID", "mm7"));
        id.setMustUnderstand(true);
        id.addTextNode(transaction);
        SOAPElement answer = message.getSOAPBody().addChildElement(new QName(ns, kind, "mm7"));
        answer.addChildElement("MM7Version", "mm7").addTextNode("6.8.0");
        SOAPElement status = answer.addChildElement("Status", "mm7");
        status.addChildElement("StatusCode", "mm7").addTextNode(System.getProperty("status", "1000"));
        status.addChildElement("StatusText", "mm7").addTextNode(System.getProperty("statustext", "Success"));
        if (kind.equals("SubmitRsp") && System.getProperty("status", "1").startsWith("1"))
            answer.addChildElement("MessageID", "mm7").addTextNode(UUID.randomUUID().toString());
        return message;
    }

    static int read(DataHandler part, List<String> words) throws Exception {
        String type = part.getContentType().toLowerCase();
        if (type.startsWith("text/plain"))
            words.add(new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        if (!type.startsWith("multipart/")) return 1;
        MimeMultipart nested = new MimeMultipart(part.getDataSource(), new ContentType(part.getContentType()));
        int parts = 0;
        for (int i = 0; i < nested.getCount(); i++) parts += read(nested.getBodyPart(i).getDataHandler(), words);
        return parts;
    }

    static List<String> addresses(Element request) {
        List<String> found = new ArrayList<>();
        NodeList all = request.getElementsByTagNameNS("*", "Recipients");
        if (all.getLength() > 0)
            for (Element kind : children(all.item(0)))
                for (Element address : children(kind)) found.add(address.getTextContent().strip());
        return found;
    }

    static List<Element> children(Node parent) {
        List<Element> found = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling())
            if (n instanceof Element e) found.add(e);
        return found;
    }

    static List<String> texts(Element parent, String name) {
        List<String> found = new ArrayList<>();
        NodeList all = parent.getElementsByTagNameNS("*", name);
        for (int i = 0; i < all.getLength(); i++) found.add(all.item(i).getTextContent().strip());
        return found;
    }

    static synchronized void print(Object value) {
        System.out.println(json(value));
        System.out.flush();
    }

    static String json(Object value) {
        if (value == null || value instanceof Number) return String.valueOf(value);
        StringJoiner all = new StringJoiner(", ", value instanceof Map ? "{" : "[", value instanceof Map ? "}" : "]");
        if (value instanceof Map<?, ?> map) map.forEach((k, v) -> all.add(json(k) + ": " + json(v)));
        if (value instanceof List<?> list) list.forEach(v -> all.add(json(v)));
        if (value instanceof Map || value instanceof List) return all.toString();
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toString().toCharArray())
            out.append(c < ' ' || c > '~' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        return out.append('"').toString();
    }
}
