package io.galerne.cli;

import io.galerne.jetstream.JetStreamEventLog;
import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.jetstream.NatsAccess;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.ServerConfig.Tls;
import io.galerne.server.files.FileFailure;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import io.galerne.server.worker.Temporal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne serve`: runs the event server until a signal ends it.
///
/// Prints one line to standard output when the server can be reached; scripts may wait for it.
@Command(
    name = "serve",
    header = "Run the event server.",
    customSynopsis = "galerne serve [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEvery option can also be set with the environment variable named below it. The command line"
          + " takes precedence.",
      "Write durations like 250ms, 15s, 10m, 24h or 30d, and sizes like 1048576, 512KiB or 20GiB."
    },
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading =
        "%nLogs go to standard error. GALERNE_LOG_LEVEL sets how much is logged: error, warn, info (the"
            + " default), debug or trace.%nSIGTERM and Ctrl-C shut the server down cleanly, within"
            + " eleven seconds.%n%nExamples:%n",
    footer = {
      "  galerne serve",
      "  galerne serve --data /var/lib/galerne --retention-size 200GiB",
      "  galerne serve --host 0.0.0.0 --keys galerne-keys.json",
      "  GALERNE_PORT=9000 galerne serve",
      "  galerne serve --log nats://a:4222,nats://b:4222,nats://c:4222",
      "",
      "Then, from another terminal:",
      "  " + Examples.FOLLOW
    })
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhere it listens:%n")
  private Listening listening = new Listening();

  @ArgGroup(validate = false, order = 2, heading = "%nWhat it keeps:%n")
  private Storage storage = new Storage();

  @ArgGroup(
      validate = false,
      order = 3,
      heading = "%nA log on a NATS cluster, which several servers share:%n")
  private Nats nats = new Nats();

  @ArgGroup(validate = false, order = 4, heading = "%nWho may use it, and how:%n")
  private Access access = new Access();

  @ArgGroup(
      validate = false,
      order = 5,
      heading = "%nThe Temporal server, which workers learn from this server:%n")
  private Workers workers = new Workers();

  @ArgGroup(validate = false, order = 6, heading = "%nLimits:%n")
  private Limits limits = new Limits();

  @SuppressWarnings("NullAway.Init") // picocli sets every one: each has a default
  private static final class Listening {
    @Option(
        names = "--host",
        paramLabel = "ADDRESS",
        defaultValue = ServerConfig.DEFAULT_HOST,
        description = {
          "Address to listen on. Other machines can only connect if you also give --keys.",
          "GALERNE_HOST; default: ${DEFAULT-VALUE}"
        })
    private String host;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        converter = CountConverter.class,
        defaultValue = "" + ServerConfig.DEFAULT_PORT,
        description = {
          "Port to listen on; 0 picks a free one.",
          "GALERNE_PORT; default: ${DEFAULT-VALUE}"
        })
    private int port;
  }

  @SuppressWarnings("NullAway.Init")
  private static final class Storage {
    @Option(
        names = "--data",
        paramLabel = "FOLDER",
        defaultValue = "galerne-data",
        description = {
          "Folder of the event log; created if it is missing. With --log, it holds this server's view of"
              + " the log.",
          "GALERNE_DATA; default: ${DEFAULT-VALUE}"
        })
    private Path data;

    @Option(
        names = "--retention-age",
        paramLabel = "DURATION",
        converter = DurationConverter.OrNone.class,
        defaultValue = "30d",
        description = {
          "Minimum time that an event is kept; 'none' keeps events indefinitely.",
          "GALERNE_RETENTION_AGE; default: ${DEFAULT-VALUE}"
        })
    private Optional<Duration> retentionAge;

    @Option(
        names = "--retention-size",
        paramLabel = "SIZE",
        converter = SizeConverter.OrNone.class,
        defaultValue = "none",
        description = {
          "About how large the log may grow before its oldest events are deleted; 'none' sets no limit.",
          "GALERNE_RETENTION_SIZE; default: ${DEFAULT-VALUE}"
        })
    private Optional<Long> retentionSize;

    @Option(
        names = "--repeat-window",
        paramLabel = "DURATION",
        converter = DurationConverter.class,
        defaultValue = "24h",
        description = {
          "Minimum time that a repeated event_id is recognised, so that its event is stored only once.",
          "GALERNE_REPEAT_WINDOW; default: ${DEFAULT-VALUE}"
        })
    private Duration repeatWindow;

    @Option(
        names = "--after-restore",
        arity = "0..1",
        paramLabel = "true|false",
        fallbackValue = "true",
        defaultValue = "false",
        description = {
          "For the first start after the log was restored from a backup: the log takes a new id and"
              + " skips some sequences, so that none is used twice.",
          "GALERNE_AFTER_RESTORE; default: ${DEFAULT-VALUE}"
        })
    private boolean afterRestore;

    private OptionalLong retentionBytes() {
      return retentionSize.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
  }

  @SuppressWarnings("NullAway.Init")
  private static final class Nats {
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

  @SuppressWarnings("NullAway.Init")
  private static final class Access {
    @Option(
        names = "--keys",
        paramLabel = "FILE",
        description = {
          "File of API keys, created by 'galerne keys add'; changes take effect within two seconds."
              + " Without one, anyone on this machine can read and publish.",
          "GALERNE_KEYS; default: none"
        })
    private Optional<Path> keys;

    @Option(
        names = "--tls-cert",
        paramLabel = "FILE",
        description = {
          "Certificate chain for HTTPS, as PEM; needs --tls-key.",
          "GALERNE_TLS_CERT; default: none"
        })
    private Optional<Path> tlsCert;

    @Option(
        names = "--tls-key",
        paramLabel = "FILE",
        description = {"Its private key, as PEM (PKCS#8).", "GALERNE_TLS_KEY; default: none"})
    private Optional<Path> tlsKey;

    @Option(
        names = "--cors-origin",
        paramLabel = "ORIGIN",
        split = ",",
        hideParamSyntax = true,
        description = {
          "Web origin whose pages may use the server, such as https://runs.example.org; * for any."
              + " May be repeated, or list several with commas.",
          "GALERNE_CORS_ORIGIN; default: none"
        })
    private List<String> corsOrigins = List.of();

    @Option(
        names = "--console",
        arity = "1",
        paramLabel = "on|off",
        converter = OnOffConverter.class,
        defaultValue = "on",
        description = {
          "Whether / serves the console, a page on which people watch runs.",
          "GALERNE_CONSOLE; default: ${DEFAULT-VALUE}"
        })
    private boolean console;

    private Optional<Tls> tls() {
      if (tlsCert.isPresent() != tlsKey.isPresent()) {
        throw new IllegalArgumentException(
            "--tls-cert and --tls-key go together: give both, or neither");
      }
      return tlsCert.flatMap(cert -> tlsKey.map(key -> new Tls(cert, key)));
    }
  }

  @SuppressWarnings("NullAway.Init")
  private static final class Workers {
    @Option(
        names = "--temporal",
        paramLabel = "HOST:PORT",
        description = {
          "Address at which workers reach Temporal. Without it, set it on each worker.",
          "GALERNE_TEMPORAL; default: none"
        })
    private Optional<String> temporal;

    @Option(
        names = "--temporal-namespace",
        paramLabel = "NAME",
        defaultValue = Temporal.DEFAULT_NAMESPACE,
        description = {
          "Namespace on Temporal that workers use.",
          "GALERNE_TEMPORAL_NAMESPACE; default: ${DEFAULT-VALUE}"
        })
    private String namespace;

    @Option(
        names = "--temporal-tls",
        arity = "0..1",
        paramLabel = "true|false",
        fallbackValue = "true",
        defaultValue = "false",
        description = {
          "Workers connect to Temporal with TLS.",
          "GALERNE_TEMPORAL_TLS; default: ${DEFAULT-VALUE}"
        })
    private boolean tls;

    private Optional<Temporal> server() {
      if (temporal.isEmpty() && (tls || !namespace.equals(Temporal.DEFAULT_NAMESPACE))) {
        throw new IllegalArgumentException(
            (tls ? "--temporal-tls" : "--temporal-namespace")
                + " is for a Temporal server: give --temporal HOST:PORT too, or neither");
      }
      return temporal.map(address -> new Temporal(address, namespace, tls));
    }
  }

  @SuppressWarnings("NullAway.Init")
  private static final class Limits {
    @Option(
        names = "--max-event-size",
        paramLabel = "SIZE",
        converter = SizeConverter.InMemory.class,
        defaultValue = "2MiB",
        description = {
          "Largest event, in bytes of UTF-8 after escapes are decoded; at most 15MiB.",
          "GALERNE_MAX_EVENT_SIZE; default: ${DEFAULT-VALUE}"
        })
    private int maxEventSize;

    @Option(
        names = "--max-body-size",
        paramLabel = "SIZE",
        converter = SizeConverter.InMemory.class,
        defaultValue = "16MiB",
        description = {
          "Largest request body; at least --max-event-size.",
          "GALERNE_MAX_BODY_SIZE; default: ${DEFAULT-VALUE}"
        })
    private int maxBodySize;

    @Option(
        names = "--max-batch-events",
        paramLabel = "COUNT",
        converter = CountConverter.class,
        defaultValue = "" + ServerConfig.DEFAULT_MAX_BATCH_EVENTS,
        description = {
          "Most events in one request body.",
          "GALERNE_MAX_BATCH_EVENTS; default: ${DEFAULT-VALUE}"
        })
    private int maxBatchEvents;

    @Option(
        names = "--max-connections",
        paramLabel = "COUNT",
        converter = CountConverter.class,
        defaultValue = "" + ServerConfig.DEFAULT_MAX_CONNECTIONS,
        description = {
          "Most connections at a time.",
          "GALERNE_MAX_CONNECTIONS; default: ${DEFAULT-VALUE}"
        })
    private int maxConnections;

    @Option(
        names = "--max-streams",
        paramLabel = "COUNT",
        converter = CountConverter.class,
        defaultValue = "" + ServerConfig.DEFAULT_MAX_STREAMS,
        description = {
          "Most open streams at a time.",
          "GALERNE_MAX_STREAMS; default: ${DEFAULT-VALUE}"
        })
    private int maxStreams;

    @Option(
        names = "--keep-alive",
        paramLabel = "DURATION",
        converter = DurationConverter.class,
        defaultValue = "15s",
        description = {
          "How long a stream may be silent before the server sends a comment.",
          "GALERNE_KEEP_ALIVE; default: ${DEFAULT-VALUE}"
        })
    private Duration keepAlive;

    @Option(
        names = "--max-stream-duration",
        paramLabel = "DURATION",
        converter = DurationConverter.OrNone.class,
        defaultValue = "none",
        description = {
          "How long a stream may stay open; readers then reconnect and continue. 'none' sets no limit.",
          "GALERNE_MAX_STREAM_DURATION; default: ${DEFAULT-VALUE}"
        })
    private Optional<Duration> maxStreamDuration;

    @Option(
        names = "--execution-grace",
        paramLabel = "DURATION",
        converter = DurationConverter.class,
        defaultValue = "2s",
        description = {
          "How long to wait after an execution's last event before ending its streams; 0s to 1h.",
          "GALERNE_EXECUTION_GRACE; default: ${DEFAULT-VALUE}"
        })
    private Duration executionGrace;
  }

  @Override
  public Integer call() throws InterruptedException {
    OwnerOnlyFiles.begin();
    ServerConfig config = config();
    config.checkFiles(); // before anything is opened
    GalerneServer server = GalerneServer.start(config, openLog());
    StopSignal stop =
        StopSignal.onStop(() -> {
          server.close();
          return 0;
        });
    try {
      announce(server);
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    } catch (InterruptedException | RuntimeException | Error e) {
      stop.close(); // this is a failure, not a requested shutdown
      server.close();
      throw e;
    }
  }

  private void announce(GalerneServer server) {
    if (access.console) {
      LOG.info("The console is at {}/", server.uri());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("galerne is listening on " + server.uri());
    out.flush();
    Optional<IOException> failure = StandardOutput.failure(out);
    if (failure.isPresent()) {
      throw new CommandFailedException(
          "the server's address cannot be written to standard output ("
              + FileFailure.reason(failure.get())
              + "), so the server was stopped; if nothing reads it, redirect it to /dev/null",
          failure.get());
    }
  }

  private EventLog openLog() {
    Optional<JetStreamLogConfig> shared = jetStreamLog();
    return shared.isPresent()
        ? JetStreamEventLog.open(shared.get())
        : EmbeddedEventLog.open(store());
  }

  /// Returns the settings of a log on a cluster; empty if the log is in a folder.
  ///
  /// @throws IllegalArgumentException if the options make no sense
  Optional<JetStreamLogConfig> jetStreamLog() {
    return nats.access()
        .map(access ->
            JetStreamLogConfig.builder(access, store()).stream(nats.stream)
                .replicas(nats.replicas.map(OptionalInt::of).orElseGet(OptionalInt::empty))
                .build());
  }

  /// Returns the store's settings, for either engine.
  ///
  /// @throws IllegalArgumentException if they make no sense
  StoreConfig store() {
    return StoreConfig.builder(storage.data)
        .retentionAge(storage.retentionAge)
        .retentionBytes(storage.retentionBytes())
        .repeatWindow(storage.repeatWindow)
        .afterRestore(storage.afterRestore)
        .build();
  }

  /// Returns the settings of the server itself.
  ///
  /// @throws IllegalArgumentException if they make no sense
  ServerConfig config() {
    return ServerConfig.builder()
        .host(listening.host)
        .port(listening.port)
        .maxEventBytes(limits.maxEventSize)
        .maxBodyBytes(limits.maxBodySize)
        .maxBatchEvents(limits.maxBatchEvents)
        .maxConnections(limits.maxConnections)
        .maxStreams(limits.maxStreams)
        .keepAlive(limits.keepAlive)
        .maxStreamDuration(limits.maxStreamDuration)
        .executionGrace(limits.executionGrace)
        .tls(access.tls())
        .corsOrigins(access.corsOrigins)
        .temporal(workers.server())
        .keys(access.keys)
        .console(access.console)
        .build();
  }
}
