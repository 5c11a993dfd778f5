package io.galerne.cli.print;

/// The colours that every terminal has.
public enum Colour {
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  BLUE("34"),
  MAGENTA("35"),
  CYAN("36"),
  GREY("90"),
  BOLD("1");

  private static final String ESCAPE = "\u001b[";

  private final String code;

  Colour(String code) {
    this.code = code;
  }

  /// Returns the text in this colour.
  public String paint(String text) {
    return ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
