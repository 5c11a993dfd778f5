package io.galerne.server.log.jetstream;

import io.nats.client.AuthHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// How a NATS cluster is reached, in the ways that NATS users know.
///
/// @param servers URLs of some of its servers, such as `nats://a:4222`; user and password, or a token,
///     may stand in them. With `tls://` the connection is encrypted
/// @param credentials a `.creds` file: a user's JWT and seed
/// @param nkey a file with the seed of an NKey
/// @param tls files for TLS beyond what Java trusts
public record NatsAccess(
    List<String> servers, Optional<Path> credentials, Optional<Path> nkey, Optional<Tls> tls) {

  /// Files for TLS, as PEM.
  ///
  /// @param authority certificates to trust; empty for those that Java trusts
  /// @param certificate this client's own certificate chain, where the servers ask for one
  /// @param key its private key (PKCS#8)
  public record Tls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

  public NatsAccess {
    servers = List.copyOf(servers);
  }

  /// Access to servers that need no more than their URLs.
  public static NatsAccess to(List<String> servers) {
    return new NatsAccess(servers, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Adds all that is known here.
  ///
  /// @throws IllegalArgumentException where a file cannot be used
  void applyTo(Options.Builder options) {
    options.servers(servers.toArray(String[]::new));
    credentials.ifPresent(file -> options.authHandler(Nats.credentials(readable(file).toString())));
    nkey.ifPresent(file -> options.authHandler(nkey(file)));
    tls.ifPresent(files -> options.sslContext(context(files)));
  }

  /// The servers' addresses without users, passwords and tokens, for messages.
  String addresses() {
    return String.join(", ", servers.stream().map(NatsAccess::withoutUser).toList());
  }

  /// A URL without user, password and token.
  static String withoutUser(String url) {
    return url.replaceFirst("^([A-Za-z]+://)?.*@", "$1");
  }

  /// A message of the NATS client, which names URLs as they were given, without their secrets.
  String withoutSecrets(String message) {
    String clean = message;
    for (String url : servers) {
      clean = clean.replace(url, withoutUser(url));
    }
    return clean.replaceAll("//[^\\s,\\]]*@", "//"); // also where the client has completed a URL
  }

  private static Path readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("Cannot read the NATS credentials in " + file);
    }
    return file;
  }

  private static AuthHandler nkey(Path file) {
    try {
      String seed = Files.readString(readable(file)).strip();
      return Nats.staticCredentials(null, seed.toCharArray());
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read the NKey in " + file, e);
    }
  }

  private static SSLContext context(Tls files) {
    try {
      SslContextBuilder context = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
      files.authority().ifPresent(file -> context.trustManager(file.toFile()));
      if (files.certificate().isPresent() && files.key().isPresent()) {
        context.keyManager(files.certificate().get().toFile(), files.key().get().toFile());
      }
      return ((JdkSslContext) context.build()).context();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use the TLS files for NATS: they must be PEM, the key PKCS#8: " + e.getMessage(),
          e);
    }
  }
}
