package io.galerne.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.SocketFactory;

/// A connection that sends raw bytes and reads answers byte by byte. For one thread.
public final class RawConnection implements AutoCloseable {
  /// No answer of a working server takes this long.
  private static final int READ_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /// A raw answer.
  ///
  /// @param statusLine without its line end
  /// @param headers by lower-case name
  public record Answer(String statusLine, Map<String, String> headers, byte[] body) {
    public int status() {
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    public String text() {
      return new String(body, UTF_8);
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  public static RawConnection to(URI server) {
    return to(server, SocketFactory.getDefault());
  }

  /// Connects with sockets of another kind, such as TLS.
  public static RawConnection to(URI server, SocketFactory sockets) {
    return to(server, sockets, 0);
  }

  /// Connects with a socket that takes about this many bytes before the server has to wait.
  public static RawConnection slow(URI server, int receiveBuffer) {
    return to(server, SocketFactory.getDefault(), receiveBuffer);
  }

  private static RawConnection to(URI server, SocketFactory sockets, int receiveBuffer) {
    try {
      Socket socket = sockets.createSocket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(READ_MILLIS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
      return new RawConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RawConnection send(String text) {
    return send(text.getBytes(UTF_8));
  }

  public RawConnection send(byte[] bytes) {
    return send(bytes, 0, bytes.length);
  }

  public RawConnection send(byte[] bytes, int from, int to) {
    try {
      socket.getOutputStream().write(bytes, from, to - from);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends bytes that the server may refuse to read.
  public RawConnection sendWhileWanted(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException _) {
      // the server no longer reads
    }
    return this;
  }

  /// Half-closes the connection.
  public RawConnection endSending() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads one answer whose body has a length, is chunked but not a stream, or is empty.
  public Answer answer() {
    return answer(true);
  }

  /// Reads the answer to a HEAD, which has no body regardless of its headers.
  public Answer answerWithoutBody() {
    return answer(false);
  }

  /// Reads the head of an answer, but not its body.
  public Answer head() {
    return answer(false);
  }

  private Answer answer(boolean hasBody) {
    String statusLine = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (hasBody
        && headers.getOrDefault("transfer-encoding", "").equals("chunked")
        && !headers.getOrDefault("content-type", "").equals("text/event-stream")) {
      return new Answer(statusLine, headers, chunks().getBytes(UTF_8));
    }
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    return new Answer(statusLine, headers, exactly(length));
  }

  /// Reads a line, without its CRLF.
  public String line() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("The connection ended in the middle of '" + line + "'");
        }
        line.write(b);
      }
      String text = line.toString(ISO_8859_1);
      if (!text.endsWith("\r")) {
        throw new IOException("This line ends without CR: " + text);
      }
      return text.substring(0, text.length() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads exactly this many bytes.
  public byte[] exactly(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new IOException("The connection ended after " + bytes.length + " of " + count);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads one chunk of a chunked body; empty for the last.
  public String chunk() {
    return new String(chunkBytes(), UTF_8);
  }

  private byte[] chunkBytes() {
    int size = Integer.parseInt(line(), 16);
    byte[] bytes = exactly(size);
    line();
    return bytes;
  }

  /// Reads a chunked body to its end.
  public String chunks() {
    ByteArrayOutputStream body = new ByteArrayOutputStream(); // a chunk may end within a character
    for (byte[] chunk = chunkBytes(); chunk.length > 0; chunk = chunkBytes()) {
      body.writeBytes(chunk);
    }
    return body.toString(UTF_8);
  }

  /// Reads until the server ends the connection, cleanly or not.
  public byte[] rest() {
    return restUnless("no answer contains this");
  }

  /// Reads until the server ends the connection or has sent that text: some answers have no end.
  public byte[] restUnless(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, count);
        if (new String(buffer, 0, count, ISO_8859_1).contains(text)) {
          break;
        }
      }
    } catch (SocketException _) {
      // a reset is an end, too
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
