// A Java module needs nothing but this line.
module example {
  requires io.galerne.client;
}
