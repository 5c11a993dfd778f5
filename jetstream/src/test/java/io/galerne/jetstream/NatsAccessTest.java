package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.SampleEvent;
import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// The ways to log in to a protected NATS server, and the messages about refused ones.
@Timeout(60)
class NatsAccessTest {
  private static final String SECRET = "s3cr3t";
  private static final String WRONG = "wr0ng";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path keys;

  @TempDir Path folder;

  @TempDir static Path views;

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    X509Bundle authority = authority("ca");
    authority("other");
    issue(authority, "server", it -> it.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
    issue(
        authority,
        "elsewhere",
        it -> it.addSanDnsName("elsewhere.example").addSanIpAddress("127.0.0.2"));
    issue(authority, "name", it -> it.addSanDnsName("localhost"));
    issue(authority, "address", it -> it.addSanIpAddress("127.0.0.1"));
    issue(authority, "client", CertificateBuilder::addExtendedKeyUsageClientAuth);
  }

  private static X509Bundle authority(String name) throws Exception {
    return write(name, certificate(name).setIsCertificateAuthority(true).buildSelfSigned());
  }

  private static void issue(
      X509Bundle authority, String name, UnaryOperator<CertificateBuilder> extensions)
      throws Exception {
    write(name, extensions.apply(certificate(name)).buildIssuedBy(authority));
  }

  private static CertificateBuilder certificate(String name) {
    return new CertificateBuilder().ecp256().subject("CN=" + name);
  }

  private static X509Bundle write(String name, X509Bundle made) throws IOException {
    Files.writeString(keys.resolve(name + ".pem"), made.getCertificatePEM());
    Files.writeString(keys.resolve(name + ".key"), made.getPrivateKeyPEM());
    return made;
  }

  @BeforeEach
  void listenToTheLog() {
    logger().setLevel(Level.DEBUG);
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void leaveTheLog() {
    logger().detachAppender(logged);
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.galerne");
  }

  private NatsServers start(String... config) {
    return NatsServers.single(folder, List.of(config));
  }

  /// Returns the server's URL with a user before the host.
  private static String url(NatsServers nats, String user) {
    return nats.url(0).replace("//", "//" + user);
  }

  private static NatsAccess to(String url) {
    return NatsAccess.to(List.of(url));
  }

  private static void assertWorks(NatsAccess access) {
    try (JetStreamEventLog log = JetStreamLogs.at(List.of(), views).access(access).open()) {
      append(log, SampleEvent.any().record());
      assertThat(log.range().head()).isPositive();
    }
  }

  private static Throwable refused(NatsAccess access) {
    Throwable refused = openingFails(access);
    assertThat(refused)
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("Cannot connect to NATS at ");
    return refused;
  }

  private static Throwable openingFails(NatsAccess access) {
    return catchThrowable(() -> JetStreamLogs.at(List.of(), views).access(access).open().close());
  }

  /// Asserts that settings are invalid on any server.
  private Throwable assertUnusable(NatsAccess access, String... secrets) {
    Throwable unusable = openingFails(access);
    assertThat(unusable).isInstanceOf(IllegalArgumentException.class);
    assertKept(unusable, secrets);
    return unusable;
  }

  private Throwable assertRefused(NatsAccess access, String... secrets) {
    Throwable refused = refused(access);
    assertThat(refused).hasMessageContaining("127.0.0.1");
    assertKept(refused, secrets);
    return refused;
  }

  private void assertKept(Throwable problem, String... secrets) {
    StringWriter trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    for (String secret : secrets) {
      assertThat(trace.toString()).doesNotContain(secret);
      assertNotLogged(secret);
    }
  }

  private void assertNotLogged(String secret) {
    for (ILoggingEvent event : List.copyOf(logged.list)) {
      String thrown =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      assertThat(event.getFormattedMessage() + thrown).doesNotContain(secret);
    }
  }

  @Test
  void refusesServersWithSmallMessagesAndNamesTheSetting() {
    try (NatsServers nats = start("max_payload: 32KB")) {
      assertThat(openingFails(to(nats.url(0))))
          .isInstanceOf(LogOpenException.class)
          .hasMessageContaining("messages of 32768 bytes at most")
          .hasMessageContaining("set 'max_payload: 1MB' on all servers");
    }
  }

  // ---- user, password, token

  @Test
  void acceptsUserAndPasswordInTheUrl() {
    try (NatsServers nats =
        start("authorization { user: galerne, password: \"" + SECRET + "\" }")) {
      assertWorks(to(url(nats, "galerne:" + SECRET + "@")));
      assertRefused(to(url(nats, "galerne:" + WRONG + "@")), WRONG);
      assertRefused(to(nats.url(0)));
    }
  }

  @Test
  void acceptsATokenInTheUrl() {
    try (NatsServers nats = start("authorization { token: \"" + SECRET + "\" }")) {
      assertWorks(to(url(nats, SECRET + "@")));
      assertRefused(to(url(nats, WRONG + "@")), WRONG);
    }
  }

  @Test
  void aReconnectionLogsNoPassword() {
    try (NatsServers nats = start("authorization { user: galerne, password: \"" + SECRET + "\" }");
        JetStreamEventLog log =
            JetStreamLogs.at(List.of(url(nats, "galerne:" + SECRET + "@")), views).open()) {
      nats.kill(0);
      nats.start(0);
      await()
          .pollInSameThread()
          .until(() ->
              List.copyOf(logged.list).stream()
                  .anyMatch(event -> event.getFormattedMessage().contains("again")));
      await().pollInSameThread().until(() -> log.health().ready());
      assertNotLogged(SECRET);
    }
  }

  @Test
  void aTemporarilyRefusedNodeReconnects() throws Exception {
    Path users = folder.resolve("users.conf");
    allow(users, SECRET);
    try (NatsServers nats = start("include ../users.conf");
        JetStreamEventLog log =
            JetStreamLogs.at(List.of(url(nats, "galerne:" + SECRET + "@")), views).open()) {
      nats.kill(0);
      allow(users, "another");
      nats.start(0);
      await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> log.health().detail().contains("Authentication error"));
      nats.kill(0);
      allow(users, SECRET);
      nats.start(0);
      await().atMost(PATIENCE).pollInSameThread().until(() -> log.health().ready());
      append(log, SampleEvent.any().record());
      assertNotLogged(SECRET);
      assertThat(List.copyOf(logged.list))
          .filteredOn(event -> event.getLevel() == Level.WARN)
          .extracting(ILoggingEvent::getFormattedMessage)
          .filteredOn(message -> message.equals("NATS: Authorization Violation"))
          .as("logged once, however often it was tried")
          .hasSize(1);
    }
  }

  /// The documented permissions suffice, even for more messages than the server sends without flow
  /// control.
  @Test
  void aUserNeedsOnlyTheDocumentedPermissions() throws Exception {
    try (NatsServers nats =
        start(
            """
            authorization { users: [ { user: galerne, password: s3cr3t, permissions: {
              publish: ["GALERNE.>", "$JS.API.>", "$JS.FC.>"]
              subscribe: ["_INBOX.>"]
            } } ] }
            """)) {
      NatsAccess access = to(url(nats, "galerne:" + SECRET + "@"));
      EventRecord large = SampleEvent.any().text("padding", "x".repeat(900_000)).record();
      try (JetStreamEventLog log = JetStreamLogs.at(List.of(), views).access(access).open()) {
        for (int i = 0; i < 60; i++) {
          append(log, SampleEvent.any().text("padding", "x".repeat(900_000)).record());
        }
        append(log, large);
      }
      try (JetStreamEventLog other = JetStreamLogs.at(List.of(), views).access(access).open()) {
        await().atMost(PATIENCE).until(() -> other.range().head() == 61);
        assertThat(append(other, large)).containsExactly(61);
      }
    }
  }

  private static void allow(Path users, String password) throws IOException {
    Files.writeString(
        users, "authorization { user: galerne, password: \"" + password + "\", timeout: 20 }");
  }

  @ParameterizedTest
  @CsvSource({
    "nats://a:4222,                    nats://a:4222",
    "nats://user:pass@a:4222,          nats://a:4222",
    "tls://token@a,                    tls://a",
    "nats://user:p@ss@a:4222,          nats://a:4222",
    "nats://user:p/a@ss@a:4222,        nats://a:4222",
    "user:pass@a:4222,                 a:4222",
    "a:4222,                           a:4222",
  })
  void reportsAddressesWithoutSecrets(String url, String address) {
    assertThat(NatsAccess.to(List.of(url, "nats://b")).addresses())
        .isEqualTo(address + ", nats://b");
  }

  @Test
  void reportsAnUnreachableUrlWithoutItsSecrets() {
    assertUnusable(to("nats://galerne:" + SECRET + "%zz@127.0.0.1:4222"), SECRET);
    assertRefused(to("nats://galerne:" + SECRET + "@127.0.0.1:1"), SECRET);
    assertRefused(to("galerne:" + SECRET + "@127.0.0.1:1"), SECRET);
    assertUnusable(to("ftp://galerne:" + SECRET + "@127.0.0.1:4222"), SECRET);
    assertThat(assertUnusable(to("nats://galerne:a/" + SECRET + "#@127.0.0.1:4222"), SECRET))
        .hasMessageContaining(
            "`nats.servers`: nats://127.0.0.1:4222 is not the URL", "percent-encoded");
    assertThat(assertUnusable(to(" "))).hasMessageContaining("`nats.servers`: a URL is empty");
  }

  // ---- keys and credentials

  @Test
  void acceptsAFileWithTheSeedOfAnNKey() throws Exception {
    NKey user = NKey.createUser(new SecureRandom());
    NKey stranger = NKey.createUser(new SecureRandom());
    String publicKey = new String(user.getPublicKey());
    try (NatsServers nats = start("authorization { users: [ { nkey: " + publicKey + " } ] }")) {
      assertWorks(withNKey(nats, new String(user.getSeed()) + "\n"));
      String seed = new String(stranger.getSeed());
      assertRefused(withNKey(nats, seed), seed);
      String accountSeed = new String(NKey.createAccount(new SecureRandom()).getSeed());
      for (String nonsense : List.of(SECRET, seed.substring(1), accountSeed)) {
        assertThat(assertUnusable(withNKey(nats, nonsense), nonsense))
            .hasMessageContaining("`nats.nkey`: " + folder.resolve("seed.nk") + " does not hold");
      }
      assertUnusable(
          new NatsAccess(
              List.of(nats.url(0)),
              Optional.empty(),
              Optional.of(folder.resolve("missing")),
              Optional.empty()));
    }
  }

  private NatsAccess withNKey(NatsServers nats, String content) throws IOException {
    Path file = Files.writeString(folder.resolve("seed.nk"), content);
    return new NatsAccess(
        List.of(nats.url(0)), Optional.empty(), Optional.of(file), Optional.empty());
  }

  @Test
  void acceptsAFileWithCredentials() throws Exception {
    SecureRandom random = new SecureRandom();
    NKey operator = NKey.createOperator(random);
    NKey account = NKey.createAccount(random);
    NKey system = NKey.createAccount(random);
    String systemId = new String(system.getPublicKey());
    NKey user = NKey.createUser(random);
    String accountId = new String(account.getPublicKey());
    String operatorJwt =
        jwt(operator, operator, "operator", "{\"type\":\"operator\",\"version\":2}");
    String accountJwt =
        jwt(
            operator,
            account,
            "account",
            "{\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
                + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1,\"mem_storage\":-1,"
                + "\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1},"
                + "\"type\":\"account\",\"version\":2}");
    String userId = new String(user.getPublicKey());
    String userJwt = JwtUtils.issueUserJWT(account, accountId, userId);
    try (NatsServers nats =
        start(
            "operator: " + operatorJwt,
            "resolver: MEMORY",
            "system_account: " + systemId,
            "resolver_preload { "
                + accountId
                + ": "
                + accountJwt
                + ", "
                + systemId
                + ": "
                + jwt(
                    operator,
                    system,
                    "system",
                    "{\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1},\"type\":\"account\",\"version\":2}")
                + " }")) {
      String seed = new String(user.getSeed());
      assertWorks(withCredentials(nats, userJwt, seed));
      String otherSeed = new String(NKey.createUser(random).getSeed());
      assertRefused(withCredentials(nats, userJwt, otherSeed), otherSeed, userJwt);
      NKey otherAccount = NKey.createAccount(random);
      String strange =
          JwtUtils.issueUserJWT(otherAccount, new String(otherAccount.getPublicKey()), userId);
      assertRefused(withCredentials(nats, strange, seed), seed, strange);
      String accountSeed = new String(account.getSeed());
      for (NatsAccess nonsense :
          List.of(
              withCredentials(nats, SECRET),
              withCredentials(nats, userJwt, SECRET),
              withCredentials(nats, userJwt, seed.substring(1)),
              withCredentials(nats, userJwt, accountSeed),
              withCredentials(nats, SECRET, seed))) {
        assertThat(assertUnusable(nonsense, SECRET, seed, accountSeed, userJwt))
            .hasMessageContaining(
                "`nats.credentials`: " + nonsense.credentials().orElseThrow() + " does not hold");
      }
      assertUnusable(
          new NatsAccess(
              List.of(nats.url(0)),
              Optional.of(folder.resolve("missing.creds")),
              Optional.empty(),
              Optional.empty()));
    }
  }

  private static String jwt(NKey signer, NKey subject, String name, String claim) throws Exception {
    String id = new String(subject.getPublicKey());
    return JwtUtils.issueJWT(
        signer,
        id,
        name,
        null,
        JwtUtils.currentTimeSeconds(),
        new String(signer.getPublicKey()),
        () -> claim);
  }

  private NatsAccess withCredentials(NatsServers nats, String jwt, String seed) throws IOException {
    return withCredentials(nats, String.format(JwtUtils.NATS_USER_JWT_FORMAT, jwt, seed));
  }

  private NatsAccess withCredentials(NatsServers nats, String content) throws IOException {
    Path file = Files.createTempFile(folder, "user", ".creds");
    Files.writeString(file, content);
    return new NatsAccess(
        List.of(nats.url(0)), Optional.of(file), Optional.empty(), Optional.empty());
  }

  // ---- TLS

  private NatsServers startTls(String certificate, boolean asksForOne) {
    String verify = asksForOne ? ", ca_file: \"" + keys.resolve("ca.pem") + "\", verify: true" : "";
    return start(
        "tls { cert_file: \"%s\", key_file: \"%s\"%s, timeout: 20 }"
            .formatted(
                keys.resolve(certificate + ".pem"), keys.resolve(certificate + ".key"), verify));
  }

  private static NatsAccess withTls(String url, String authority, Optional<String> certificate) {
    NatsAccess.Tls tls =
        new NatsAccess.Tls(
            Optional.of(keys.resolve(authority + ".pem")),
            certificate.map(name -> keys.resolve(name + ".pem")),
            certificate.map(name -> keys.resolve(name + ".key")));
    return new NatsAccess(List.of(url), Optional.empty(), Optional.empty(), Optional.of(tls));
  }

  @Test
  void acceptsCertificatesOfAPrivateAuthority() {
    try (NatsServers nats = startTls("server", false)) {
      assertWorks(withTls(nats.url(0).replace("nats:", "tls:"), "ca", Optional.empty()));
      assertWorks(withTls(nats.url(0), "ca", Optional.empty()));
      assertRefused(withTls(nats.url(0), "other", Optional.empty()));
    }
  }

  @Test
  void refusesACertificateThatJavaDoesNotTrust() {
    try (NatsServers nats = startTls("server", false)) {
      for (String scheme : List.of("tls:", " TLS:")) {
        assertThat(assertRefused(to(nats.url(0).replace("nats:", scheme))))
            .hasMessageContaining("the certificate of 127.0.0.1 is not trusted")
            .hasMessageContaining("`nats.tls.authority`");
      }
    }
  }

  @Test
  void refusesACertificateForAnotherHost() {
    try (NatsServers nats = startTls("elsewhere", false)) {
      for (String url : List.of(nats.url(0), nats.url(0).replace("nats:", "tls:"))) {
        assertThat(assertRefused(withTls(url, "ca", Optional.empty())))
            .hasMessageContaining("the certificate of 127.0.0.1 is not for this host")
            .hasMessageContaining("give the server a certificate for this one")
            .hasMessageNotContaining("do they know this user");
      }
    }
  }

  /// The name in the URL counts, not its address: the client would look up the name and continue
  /// with the address.
  @Test
  void aCertificateMustNameTheHostOfTheUrl() {
    try (NatsServers nats = startTls("name", false)) {
      assertWorks(withTls(byName(nats), "ca", Optional.empty()));
      assertThat(assertRefused(withTls(nats.url(0), "ca", Optional.empty())))
          .hasMessageContaining("the certificate of 127.0.0.1 is not for this host");
    }
    try (NatsServers nats = startTls("address", false)) {
      assertWorks(withTls(nats.url(0), "ca", Optional.empty()));
      assertThat(refused(withTls(byName(nats), "ca", Optional.empty())))
          .hasMessageContaining("the certificate of localhost is not for this host");
    }
  }

  private static String byName(NatsServers nats) {
    return nats.url(0).replace("nats://127.0.0.1", "tls://localhost");
  }

  @Test
  void refusesUrlsThatTakeAnyCertificate() {
    assertThat(assertUnusable(to("opentls://galerne:" + SECRET + "@127.0.0.1:1"), SECRET))
        .hasMessageContaining("any certificate; use tls://");
  }

  @Test
  void sendsACertificateThatAServerRequests() {
    try (NatsServers nats = startTls("server", true)) {
      assertWorks(withTls(nats.url(0), "ca", Optional.of("client")));
      assertRefused(withTls(nats.url(0), "ca", Optional.empty()));
      assertRefused(withTls(nats.url(0), "ca", Optional.of("other")));
    }
  }

  @Test
  void refusesFilesThatAreNotCertificates() throws Exception {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    Path missing = folder.resolve("missing.pem");
    for (Path authority : List.of(nonsense, missing)) {
      NatsAccess.Tls tls =
          new NatsAccess.Tls(Optional.of(authority), Optional.empty(), Optional.empty());
      NatsAccess access =
          new NatsAccess(
              List.of("tls://127.0.0.1:1"), Optional.empty(), Optional.empty(), Optional.of(tls));
      assertThatThrownBy(() -> JetStreamLogs.at(List.of(), views).access(access).open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot use the files of `nats.tls.authority`")
          .hasMessageContaining(authority.toString());
    }
  }
}
