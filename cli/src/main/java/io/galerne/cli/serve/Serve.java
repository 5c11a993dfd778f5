package io.galerne.cli.serve;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Examples;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.StopSignal;
import io.galerne.jetstream.JetStreamEventLog;
import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.files.FileFailure;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
public final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhere it listens:%n")
  private ListenOptions listening = new ListenOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nWhat it keeps:%n")
  private StorageOptions storage = new StorageOptions();

  @ArgGroup(
      validate = false,
      order = 3,
      heading = "%nA log on a NATS cluster, which several servers share:%n")
  private NatsOptions nats = new NatsOptions();

  @ArgGroup(validate = false, order = 4, heading = "%nWho may use it, and how:%n")
  private AccessOptions access = new AccessOptions();

  @ArgGroup(
      validate = false,
      order = 5,
      heading = "%nThe Temporal server, which workers learn from this server:%n")
  private TemporalOptions temporal = new TemporalOptions();

  @ArgGroup(validate = false, order = 6, heading = "%nLimits:%n")
  private LimitOptions limits = new LimitOptions();

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
      announce(server, config.console());
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    } catch (InterruptedException | RuntimeException | Error e) {
      stop.close(); // this is a failure, not a requested shutdown
      server.close();
      throw e;
    }
  }

  private void announce(GalerneServer server, boolean console) {
    if (console) {
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
  public Optional<JetStreamLogConfig> jetStreamLog() {
    return nats.log(store());
  }

  /// Returns the store's settings, for either engine.
  ///
  /// @throws IllegalArgumentException if they make no sense
  public StoreConfig store() {
    return storage.store();
  }

  /// Returns the settings of the server itself.
  ///
  /// @throws IllegalArgumentException if they make no sense
  public ServerConfig config() {
    ServerConfig.Builder config = ServerConfig.builder();
    listening.applyTo(config);
    access.applyTo(config);
    temporal.applyTo(config);
    limits.applyTo(config);
    return config.build();
  }
}
