package io.galerne.cli;

import picocli.CommandLine.IVersionProvider;

/// The version that the jar's manifest names; `development` where the program does not run from it.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"galerne " + (version == null ? "development" : version)};
  }
}
