package io.galerne.cli.serve;

import io.galerne.cli.CountConverter;
import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.jetstream.NatsAccess;
import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// The NATS cluster that holds the log, if it is not in a folder.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class NatsOptions {
  @Option(
      names = "--log",
      paramLabel = "URL",
      split = ",",
      hideParamSyntax = true,
      description = {
        "URLs of NATS servers with JetStream, such as nats://a:4222,nats://b:4222; tls:// encrypts."
            + " They may contain a user and password, or a token; use the variable then.",
        "GALERNE_LOG; default: none, the log is in --data"
      })
  private List<String> log = List.of();

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      defaultValue = JetStreamLogConfig.DEFAULT_STREAM,
      description = {
        "Name of the log's stream; created if it is missing.",
        "GALERNE_STREAM; default: ${DEFAULT-VALUE}"
      })
  private String stream;

  @Option(
      names = "--replicas",
      paramLabel = "COUNT",
      converter = CountConverter.class,
      description = {
        "Number of NATS servers that keep a copy of the log. Without it, a new stream gets 3, or 1 on a"
            + " single server.",
        "GALERNE_REPLICAS; default: none"
      })
  private Optional<Integer> replicas;

  @Option(
      names = "--nats-creds",
      paramLabel = "FILE",
      description = {"Credentials of a NATS user (.creds).", "GALERNE_NATS_CREDS; default: none"})
  private Optional<Path> credentials;

  @Option(
      names = "--nats-nkey",
      paramLabel = "FILE",
      description = {"Seed of an NKey.", "GALERNE_NATS_NKEY; default: none"})
  private Optional<Path> nkey;

  @Option(
      names = "--nats-tls-ca",
      paramLabel = "FILE",
      description = {
        "Certificates of the authorities to trust, as PEM, instead of those that Java trusts.",
        "GALERNE_NATS_TLS_CA; default: none"
      })
  private Optional<Path> tlsCa;

  @Option(
      names = "--nats-tls-cert",
      paramLabel = "FILE",
      description = {
        "Certificate that this server shows to NATS, as PEM; needs --nats-tls-key.",
        "GALERNE_NATS_TLS_CERT; default: none"
      })
  private Optional<Path> tlsCert;

  @Option(
      names = "--nats-tls-key",
      paramLabel = "FILE",
      description = {"Its private key, as PEM (PKCS#8).", "GALERNE_NATS_TLS_KEY; default: none"})
  private Optional<Path> tlsKey;

  /// Returns the settings of a log on a cluster; empty if the log is in a folder.
  ///
  /// @param store the settings of this server's view of the log
  /// @throws IllegalArgumentException if the options make no sense
  Optional<JetStreamLogConfig> log(StoreConfig store) {
    return access()
        .map(access ->
            JetStreamLogConfig.builder(access, store).stream(stream)
                .replicas(replicas.map(OptionalInt::of).orElseGet(OptionalInt::empty))
                .build());
  }

  private Optional<NatsAccess> access() {
    if (tlsCert.isPresent() != tlsKey.isPresent()) {
      throw new IllegalArgumentException(
          "--nats-tls-cert and --nats-tls-key go together: give both, or neither");
    }
    if (log.isEmpty()) {
      requireNothingElse();
      return Optional.empty();
    }
    Optional<NatsAccess.Tls> tls =
        tlsCa.isPresent() || tlsCert.isPresent()
            ? Optional.of(new NatsAccess.Tls(tlsCa, tlsCert, tlsKey))
            : Optional.empty();
    return Optional.of(new NatsAccess(log, credentials, nkey, tls));
  }

  /// Refuses options of a NATS cluster without `--log`: they have no effect on a log in a folder.
  private void requireNothingElse() {
    refuse("--stream", !stream.equals(JetStreamLogConfig.DEFAULT_STREAM));
    refuse("--replicas", replicas.isPresent());
    refuse("--nats-creds", credentials.isPresent());
    refuse("--nats-nkey", nkey.isPresent());
    refuse("--nats-tls-ca", tlsCa.isPresent());
    refuse("--nats-tls-cert", tlsCert.isPresent());
  }

  private static void refuse(String option, boolean isGiven) {
    if (isGiven) {
      throw new IllegalArgumentException(
          option + " is for a log on NATS: give --log too, or neither");
    }
  }
}
