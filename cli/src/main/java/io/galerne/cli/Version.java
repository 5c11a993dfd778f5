package io.galerne.cli;

import picocli.CommandLine.IVersionProvider;

/// The version in the jar's manifest; `development` if the program does not run from a jar.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"galerne " + (version == null ? "development" : version)};
  }
}
