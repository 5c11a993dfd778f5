package io.galerne.bench.server;

import io.galerne.bench.load.EventText;
import io.galerne.bench.load.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// nginx with nchan: the peer for fan-out. One channel per execution, all in memory; messages are
/// what our server would deliver, so that frames are as large as ours.
///
/// Needs Debian's `nginx-light` and `libnginx-mod-nchan`.
public final class Nchan implements EventServer {
  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so"),
          Path.of("/usr/lib64/nginx/modules/ngx_nchan_module.so"));

  private final ServerProcess process;
  private final int port;

  private Nchan(ServerProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it and waits until its workers run.
  ///
  /// @param folder for its configuration and temporary files
  /// @param workers worker processes
  public static Nchan start(Path folder, int workers) {
    Path module =
        MODULES.stream()
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "nchan is missing: apt-get install nginx-light libnginx-mod-nchan"));
    int port = ServerProcess.freePort();
    Path configuration = folder.resolve("nginx.conf");
    try {
      Files.writeString(configuration, configuration(folder, module, workers, port));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + configuration, e);
    }
    List<String> command = List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf");
    // The master writes it when its workers have started.
    return new Nchan(
        ServerProcess.start(command, Map.of(), line -> line.contains("start worker process ")),
        port);
  }

  @Override
  public String name() {
    return "nchan";
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public Template publish() {
    return Template.post(
        "127.0.0.1:" + port, "/publish?id=" + EventText.EXECUTION_ID, EventText.DELIVERED);
  }

  @Override
  public String stream(int execution) {
    return "/stream?id=" + EventText.executionId(execution);
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }

  private static String configuration(Path folder, Path module, int workers, int port) {
    return """
    daemon off;
    worker_processes %3$d;
    worker_rlimit_nofile 18000;
    pid %1$s/nginx.pid;
    error_log stderr notice;
    load_module %2$s;
    events { worker_connections 16384; use epoll; }
    http {
      access_log off;
      tcp_nodelay on;
      keepalive_requests 1000000000;
      keepalive_timeout 1h;
      client_body_buffer_size 64k;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      nchan_shared_memory_size 1024M;
      server {
        listen 127.0.0.1:%4$d backlog=4096;
        location = /publish {
          nchan_publisher;
          nchan_channel_id $arg_id;
          nchan_message_buffer_length 10000;
          nchan_message_timeout 5m;
        }
        location = /stream {
          nchan_subscriber eventsource;
          nchan_channel_id $arg_id;
          nchan_subscriber_first_message newest;
        }
      }
    }
    """
        .formatted(folder, module, workers, port);
  }
}
