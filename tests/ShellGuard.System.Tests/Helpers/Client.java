import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** HOST PORT: asks a web server by a selector, an asynchronous channel, a blocking channel, and HttpClient. */
public final class Client {
    private static final byte[] ASK = "GET /page HTTP/1.0\r\n\r\n".getBytes();

    public static void main(String[] words) throws Exception {
        InetSocketAddress server = new InetSocketAddress(words[0], Integer.parseInt(words[1]));
        System.out.println("selector " + bySelector(server, 20));
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            channel.connect(server).get();
            channel.write(ByteBuffer.wrap(ASK)).get();
            ByteBuffer text = ByteBuffer.allocate(4096);
            while (channel.read(text).get() >= 0) { }
            System.out.println("asynchronous " + body(text));
        }
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.write(ByteBuffer.wrap(ASK));
            ByteBuffer text = ByteBuffer.allocate(4096);
            while (channel.read(text) >= 0) { }
            System.out.println("blocking " + body(text));
        }
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + words[0] + ":" + words[1] + "/page")).build();
        var answers = IntStream.range(0, 20)
            .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString())).toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
        System.out.println("client " + answers.stream().filter(a -> a.join().body().equals("hello\n")).count());
        System.exit(0);
    }

    /** Registered before they connect, all at once. */
    private static int bySelector(InetSocketAddress server, int count) throws Exception {
        int right = 0;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT, ByteBuffer.allocate(4096));
                selector.selectNow();
                channel.connect(server);
            }
            while (!selector.keys().isEmpty()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    SocketChannel channel = (SocketChannel) key.channel();
                    if (key.isConnectable() && channel.finishConnect()) {
                        key.interestOps(SelectionKey.OP_READ);
                        channel.write(ByteBuffer.wrap(ASK));
                    } else if (key.isReadable() && channel.read((ByteBuffer) key.attachment()) < 0) {
                        right += body((ByteBuffer) key.attachment()).equals("hello") ? 1 : 0;
                        channel.close();
                    }
                }
                selector.selectedKeys().clear();
                selector.selectNow();
            }
        }
        return right;
    }

    private static String body(ByteBuffer text) {
        String all = new String(text.array(), 0, text.position());
        return all.substring(all.indexOf("\r\n\r\n") + 4).strip();
    }
}
