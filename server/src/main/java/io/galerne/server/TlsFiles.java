package io.galerne.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.galerne.server.files.FileFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads a server's certificate and key and checks that a TLS handshake with them succeeds.
final class TlsFiles {
  /// A handshake takes about ten messages.
  private static final int MOST_TURNS = 100;

  private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

  /// Offers HTTP/2 through ALPN. The first bytes of a connection show what the client chose.
  private static final ApplicationProtocolConfig HTTP =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private TlsFiles() {}

  /// Loads the TLS context of connections.
  ///
  /// @throws IllegalArgumentException if a file is unusable; the message names it, the reason and
  ///     the fix
  static SslContext read(ServerConfig.Tls files) {
    requireReadable("`tls.certificate`", files.certificate());
    requireReadable("`tls.key`", files.key());
    requireCertificate(files.certificate());
    SslContext context;
    try {
      context =
          SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
              .protocols("TLSv1.3", "TLSv1.2")
              .applicationProtocolConfig(HTTP)
              .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "`tls.key`: " + files.key() + " " + problemOfKey(files.key()), e);
    }
    requireMatch(files, context);
    return context;
  }

  private static String problemOfKey(Path file) {
    String text;
    try {
      text = Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return "cannot be read: " + FileFailure.reason(e);
    }
    if (text.contains("ENCRYPTED")) {
      return "has a passphrase: remove it with 'openssl pkcs8 -topk8 -nocrypt'";
    } else if (text.contains("-----BEGIN PRIVATE KEY-----")) {
      return "holds a damaged key, or one of an unsupported type, such as Ed25519: create an RSA"
          + " or EC key";
    } else if (text.contains("PRIVATE KEY-----")) {
      return "is not PKCS#8: convert it with 'openssl pkcs8 -topk8 -nocrypt'";
    }
    return "holds no private key: it must be PEM and PKCS#8, with -----BEGIN PRIVATE KEY-----";
  }

  private static void requireReadable(String setting, Path file) {
    String problem =
        !Files.exists(file)
            ? "does not exist"
            : !Files.isRegularFile(file)
                ? "is not a file"
                : !Files.isReadable(file) ? "may not be read by this user" : "";
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(setting + ": " + file + " " + problem);
    }
  }

  private static void requireCertificate(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      boolean pem = Files.readString(file, ISO_8859_1).contains("-----BEGIN ");
      if (pem && !CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("`tls.certificate`: " + FileFailure.words(e), e);
    } catch (CertificateException e) {
      log.debug("{} holds no certificates", file, e);
    }
    throw new IllegalArgumentException(
        "`tls.certificate`: "
            + file
            + " holds no certificates: it must be PEM, with -----BEGIN CERTIFICATE-----");
  }

  /// Performs a handshake with a client that trusts everything. It fails if the key does not match
  /// the certificate, or no cipher suite supports the key's type.
  private static void requireMatch(ServerConfig.Tls files, SslContext context) {
    EmbeddedChannel server = new EmbeddedChannel();
    EmbeddedChannel client = new EmbeddedChannel();
    try {
      SslHandler serving = context.newHandler(server.alloc());
      SslHandler calling =
          SslContextBuilder.forClient()
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .build()
              .newHandler(client.alloc());
      server.pipeline().addLast(serving);
      client.pipeline().addLast(calling);
      for (int turn = 0; turn < MOST_TURNS && !calling.handshakeFuture().isDone(); turn++) {
        pass(client, server);
        pass(server, client);
      }
      if (!calling.handshakeFuture().isSuccess()) {
        throw new SSLException("no handshake", calling.handshakeFuture().cause());
      }
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "`tls.key`: "
              + files.key()
              + " does not match the certificate "
              + files.certificate()
              + ": give the certificate's own private key, RSA or EC",
          e);
    } finally {
      release(server);
      release(client);
    }
  }

  private static void release(EmbeddedChannel channel) {
    channel.close();
    channel.releaseInbound();
    channel.releaseOutbound();
  }

  private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      to.writeInbound(bytes);
    }
  }
}
