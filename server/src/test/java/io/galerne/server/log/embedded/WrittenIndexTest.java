package io.galerne.server.log.embedded;

/// The contract with the index written to disk after nearly every commit, so that reads and
/// deduplication use the disk.
class WrittenIndexTest extends EmbeddedEventLogTest {
  @Override
  EmbeddedLogs logs() {
    return super.logs().indexBytes(1);
  }
}
