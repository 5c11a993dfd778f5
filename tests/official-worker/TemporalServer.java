import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Runs Temporal's test server on a free loopback port (its own `main` listens on every address).
/// The arguments are search attributes to add. Prints its address when it is ready.
public final class TemporalServer {
  private static final boolean REAL_TIME = true;

  public static void main(String[] arguments) throws Exception {
    TestServicesStarter services = new TestServicesStarter(REAL_TIME, 0);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
    Server server = builder.build().start();
    for (String name : arguments) {
      addSearchAttribute(server.getPort(), name);
    }
    System.out.println("127.0.0.1:" + server.getPort());
    server.awaitTermination();
  }

  private static void addSearchAttribute(int port, String name) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    OperatorServiceGrpc.newBlockingStub(channel)
        .addSearchAttributes(
            AddSearchAttributesRequest.newBuilder()
                .setNamespace("default")
                .putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                .build());
    channel.shutdown();
  }
}
