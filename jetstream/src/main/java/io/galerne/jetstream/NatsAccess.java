package io.galerne.jetstream;

import io.galerne.server.files.FileFailure;
import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// How to reach a NATS cluster, as NATS users know it. Its messages call the components of this
/// record settings, such as `nats.credentials`.
///
/// @param servers URLs of some of its servers, such as `nats://a:4222`; they may contain user and
///     password, or a token. `tls://` encrypts the connection; the server then needs a certificate
///     that is trusted and names the host of its URL
/// @param credentials a `.creds` file: a user's JWT and seed
/// @param nkey a file with the seed of an NKey
/// @param tls files for TLS beyond what Java trusts
public record NatsAccess(
    List<String> servers, Optional<Path> credentials, Optional<Path> nkey, Optional<Tls> tls) {

  /// Files for TLS, as PEM.
  ///
  /// @param authority certificates to trust; empty for those that Java trusts
  /// @param certificate this client's own certificate chain, if the servers ask for one
  /// @param key its private key (PKCS#8)
  public record Tls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

  private static final Tls NO_FILES = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

  public NatsAccess {
    servers = List.copyOf(servers);
  }

  /// Returns access to servers that need only their URLs.
  public static NatsAccess to(List<String> servers) {
    return new NatsAccess(servers, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Adds these settings to the client's options.
  ///
  /// @param refusals receives why a server's certificate is refused, and what to do
  /// @throws IllegalArgumentException if a file or URL cannot be used, or there are two ways to log
  ///     in
  void applyTo(Options.Builder options, Consumer<String> refusals) {
    servers.forEach(NatsAccess::requireUsable);
    if (credentials.isPresent() && nkey.isPresent()) {
      throw new IllegalArgumentException(
          "`nats.credentials` and `nats.nkey` are two ways to log in: give one of them");
    }
    options.servers(servers.toArray(String[]::new));
    credentials.ifPresent(file -> options.authHandler(credentials(file)));
    nkey.ifPresent(file -> options.authHandler(nkey(file)));
    if (tls.isPresent() || servers.stream().anyMatch(url -> has(url, "tls", "wss"))) {
      options.sslContext(context(tls.orElse(NO_FILES), refusals));
      // tries all addresses of a name, as by default, but checks the certificate for the name
      options.hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs);
    }
  }

  private static void requireUsable(String url) {
    if (url.isBlank()) {
      throw new IllegalArgumentException(
          "`nats.servers`: a URL is empty; give nats://host:4222, and commas between several");
    }
    if (has(url, "opentls")) {
      throw new IllegalArgumentException(
          "`nats.servers`: "
              + withoutUser(url)
              + " would let the NATS client take any certificate; use tls://, and give the"
              + " authority with `nats.tls.authority` if Java does not trust it");
    }
    if (!isUrl(url)) {
      throw new IllegalArgumentException(
          "`nats.servers`: "
              + withoutUser(url)
              + " is not the URL of a NATS server; write nats://host:4222, and special characters of a"
              + " user and password percent-encoded, such as %40 for @");
    }
  }

  private static boolean isUrl(String url) {
    try {
      new Options.Builder().server(url).build();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Returns whether the NATS client sees one of these schemes in the URL: it allows blanks and
  /// capitals.
  private static boolean has(String url, String... schemes) {
    String plain = url.trim().toLowerCase(Locale.ROOT);
    return Stream.of(schemes).anyMatch(scheme -> plain.startsWith(scheme + "://"));
  }

  /// Returns the servers' addresses without users, passwords and tokens, for messages.
  String addresses() {
    return String.join(", ", servers.stream().map(NatsAccess::withoutUser).toList());
  }

  /// Returns a URL without user, password and token.
  static String withoutUser(String url) {
    return url.replaceFirst("^([A-Za-z]+://)?.*@", "$1");
  }

  /// Removes secrets from a message of the NATS client, which quotes URLs as they were given.
  String withoutSecrets(String message) {
    String clean = message;
    for (String url : servers) {
      clean = clean.replace(url, withoutUser(url));
    }
    return clean.replaceAll("//[^\\s,\\]]*@", "//"); // even if the client has completed a URL
  }

  private static AuthHandler credentials(Path file) {
    String content = read(file, "`nats.credentials`");
    AuthHandler credentials = Nats.credentials(file.toString());
    if (!content.contains("BEGIN NATS USER JWT")
        || !content.contains("BEGIN USER NKEY SEED")
        || !isOfUser(credentials)) {
      throw new IllegalArgumentException(
          "`nats.credentials`: "
              + file
              + " does not hold a user's JWT and seed, as 'nsc generate creds' writes them");
    }
    return credentials;
  }

  /// Returns whether there is a user's seed and possibly a JWT. The client reads both only when a
  /// server asks, and then does not report what is wrong with them.
  private static boolean isOfUser(AuthHandler credentials) {
    try {
      char[] jwt = credentials.getJWT();
      return credentials.getID()[0] == 'U' && jwt != null && new String(jwt).startsWith("eyJ");
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static AuthHandler nkey(Path file) {
    char[] seed = read(file, "`nats.nkey`").strip().toCharArray();
    if (!isSeed(seed)) {
      throw new IllegalArgumentException(
          "`nats.nkey`: "
              + file
              + " does not hold the seed of a user's NKey, one line that begins with SU, as"
              + " 'nk -gen user' writes it");
    }
    return Nats.staticCredentials(null, seed);
  }

  private static boolean isSeed(char[] seed) {
    try {
      return NKey.fromSeed(seed).getType() == NKey.Type.USER;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String read(Path file, String setting) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          setting + ": " + file + " cannot be read: " + FileFailure.reason(e), e);
    }
  }

  private static SSLContext context(Tls files, Consumer<String> refusals) {
    try {
      SslContextBuilder context = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
      context.trustManager(new HostCheck(trusted(files.authority()), refusals));
      if (files.certificate().isPresent() && files.key().isPresent()) {
        context.keyManager(files.certificate().get().toFile(), files.key().get().toFile());
      }
      return ((JdkSslContext) context.build()).context();
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use the files of `nats.tls.authority`, `nats.tls.certificate` and `nats.tls.key`:"
              + " they must be PEM, the key PKCS#8: "
              + (e instanceof IOException io ? FileFailure.words(io) : e.getMessage()),
          e);
    }
  }

  /// Returns a trust manager for the certificates of the file, or those that Java trusts.
  private static X509ExtendedTrustManager trusted(Optional<Path> authority)
      throws GeneralSecurityException, IOException {
    @Nullable KeyStore certificates = authority.isPresent() ? store(authority.get()) : null;
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(certificates);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager trusted) {
        return trusted;
      }
    }
    throw new GeneralSecurityException("this Java cannot check the hosts of certificates");
  }

  private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate certificate : certificates(file)) {
      store.setCertificateEntry(String.valueOf(store.size()), certificate);
    }
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws CertificateException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException("it holds no certificate");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new CertificateException(file + ": " + e.getMessage(), e);
    }
  }
}
