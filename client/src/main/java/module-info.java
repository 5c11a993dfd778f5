/// The Java client of the Events API of Mistral Workflows.
module io.galerne.client {
  requires transitive io.galerne.protocol;
  requires transitive java.net.http;
  requires static transitive java.sql; // for checkpoints in databases only
  requires static transitive org.jspecify;

  exports io.galerne.client;
  exports io.galerne.client.checkpoint;
}
