package io.galerne.server.http;

/// The codes of errors, as the contract's section 6 shapes them. The first three are given there;
/// the others are ours.
enum ErrorCode {
  INTERNAL("WF_1000"),
  STREAM("WF_1400"),
  STORE("WF_1600"),
  BAD_REQUEST("WF_1100"),
  UNAUTHORIZED("WF_1101"),
  FORBIDDEN("WF_1103"),
  NOT_FOUND("WF_1104"),
  METHOD_NOT_ALLOWED("WF_1105"),
  TIMEOUT("WF_1108"),
  TOO_LARGE("WF_1113"),
  UNSUPPORTED_MEDIA_TYPE("WF_1115"),
  OVERLOADED("WF_1153");

  private final String wire;

  ErrorCode(String wire) {
    this.wire = wire;
  }

  String wire() {
    return wire;
  }
}
