# Sourced by ./galerne and ./verify: finds the JDKs and Maven. Avoids processes, because ./galerne runs it at
# every start.

# Prints nothing; sets REPLY to the Java level (17, 25, …) of the JDK at $1, or fails.
jdk_level() {
  local line
  REPLY=
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#*=}
      line=${line//\"/}
      REPLY=${line%%[^0-9]*}
      break
    fi
  done <"$1/release"
  [[ -n $REPLY ]]
}

# find_jdk LOWEST [HIGHEST]: sets JDK to the home of the first JDK in that range: JAVA_HOME, then `java` on the
# PATH, then the usual places. Fails, with JDK empty, if there is none.
find_jdk() {
  local lowest=$1 highest=${2:-999} home on_path
  JDK=
  on_path=$(command -v java || true)
  if [[ -n $on_path ]]; then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for home in "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /opt/java* /opt/java*/* /opt/jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [[ -n $home ]] && jdk_level "$home" && ((REPLY >= lowest && REPLY <= highest)); then
      JDK=$home
      return 0
    fi
  done
  return 1
}

no_jdk() {
  cat >&2 <<TEXT
Galerne needs a JDK $1${2:-} and found none in JAVA_HOME, on the PATH or in the usual places.
Install one, for example:
  Debian, Ubuntu   apt-get install openjdk-$1-jdk   (or Temurin $1 from https://adoptium.net)
  macOS            brew install --cask temurin@$1
  anywhere         sdk install java $1-tem          (https://sdkman.io)
or set JAVA_HOME to it.
TEXT
}

# Sets MVN to `mvn` if it is 3.8 or newer, and to the wrapper at $1/mvnw otherwise.
find_maven() {
  local version
  MVN=mvn
  version=$(mvn -v 2>/dev/null || true)
  [[ $version =~ Apache\ Maven\ ([0-9]+)\.([0-9]+) ]] || { MVN=$1/mvnw && return; }
  ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] >= 3008)) || MVN=$1/mvnw
}
