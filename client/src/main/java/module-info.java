/// The Java client of the Events API of Mistral Workflows.
// The AWS SDK has no module descriptors; only callers that use it have it on their path.
@SuppressWarnings("requires-automatic")
module io.galerne.client {
  requires transitive io.galerne.protocol;
  requires transitive java.net.http;
  requires static transitive java.sql; // for checkpoints in databases only
  requires static transitive org.jspecify;

  // For encoded payloads; optional.
  requires static com.github.luben.zstd_jni;
  requires static software.amazon.awssdk.core;
  requires static software.amazon.awssdk.services.s3; // transitive, every caller would need it

  exports io.galerne.client;
  exports io.galerne.client.checkpoint;
  exports io.galerne.client.error;
  exports io.galerne.client.payload;
  exports io.galerne.client.publish;
  exports io.galerne.client.runs;
  exports io.galerne.client.stream;
}
