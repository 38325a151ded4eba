#!/usr/bin/env bash
# Installs the programs that read our exports, for `make clients`. What is there already is left as it is.
#   Debian's packages   with apt-get, as root or by sudo; otherwise it says what to install
#   PyPI and npm        into .clients/ beside the Makefile, nothing outside it
# A part that cannot be installed is named, and its tests are skipped. Usage: tests/clients/install.sh [PYTHON]
set -u
cd "$(dirname "$0")/../.."
python=${1:-python3}
home=.clients
mkdir -p "$home"
missing=0

say() { printf 'clients: %s\n' "$*"; }
failed() { say "not installed: $*; its tests will be skipped"; missing=1; }

# A program, and the package that has it
debian="pandoc:pandoc bibtex:texlive-binaries xelatex:texlive-xetex biber:biber pdftotext:poppler-utils
  bib2xml:bibutils bibtool:bibtool bibclean:bibclean jabref:jabref"
# TeX's files: a file, and the package that has it
files="chicago.bst:texlive-bibtex-extra biblatex-chicago.sty:texlive-bibtex-extra plainurl.bst:texlive-bibtex-extra
  geometry.sty:texlive-latex-base csquotes.sty:texlive-latex-extra fontspec.sty:texlive-latex-recommended"
wanted=
for pair in $debian; do command -v "${pair%%:*}" >/dev/null || wanted="$wanted ${pair#*:}"; done
for pair in $files; do kpsewhich "${pair%%:*}" >/dev/null 2>&1 || wanted="$wanted ${pair#*:}"; done
# One font with the letters of nearly every script
ls /usr/share/fonts/*/unifont/unifont.* >/dev/null 2>&1 || wanted="$wanted fonts-unifont"
wanted=$(printf '%s\n' $wanted | sort -u | tr '\n' ' ')
if [ -z "${wanted// /}" ]; then
  say "Debian's packages are there"
else
  sudo=
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if command -v apt-get >/dev/null && { [ -z "$sudo" ] || $sudo true 2>/dev/null; }; then
    say "apt-get install $wanted"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq || say "the lists of packages are old"
    $sudo apt-get install -qq -y --no-install-recommends $wanted >"$home/apt.log" 2>&1 ||
      failed "$wanted (see $home/apt.log)"
  else
    failed "$wanted; with rights: apt-get install $wanted"
  fi
fi

# venv NAME PACKAGE...: an environment of its own
venv() {
  local name=$1 && shift
  if [ "$(cat "$home/$name/wanted" 2>/dev/null)" = "$*" ]; then
    say "$* is there"
    return
  fi
  say "pip install $*"
  if "$python" -m venv "$home/$name" && "$home/$name/bin/python" -m pip install -q --disable-pip-version-check "$@"; then
    echo "$*" >"$home/$name/wanted"
  else
    failed "$*"
  fi
}
venv parsers "pybtex==0.26.1" "bibtexparser>=2.1,<3"
venv bibtexparser1 "bibtexparser==1.4.4"

packages="@citation-js/core@0.8.2 @citation-js/plugin-bibtex@0.8.2 @citation-js/plugin-ris@0.8.2
  @citation-js/plugin-csl@0.8.2 citation-js@0.7.21 @retorquere/bibtex-parser@9.0.29 esbuild@0.28.1
  biblatex-csl-converter@3.2.2 citeproc@2.4.63"
packages=$(echo $packages)
if [ "$(cat "$home/npm-wanted" 2>/dev/null)" = "$packages" ]; then
  say "npm's packages are there"
elif command -v npm >/dev/null; then
  say "npm install $packages"
  # the CommonJS build of @retorquere/bibtex-parser does not load: it is bundled
  if (cd "$home" && { [ -f package.json ] || echo '{"private": true}' >package.json; } &&
    npm install --silent --no-audit --no-fund $packages &&
    npx esbuild node_modules/@retorquere/bibtex-parser/dist/esm/index.js --bundle --platform=node --log-level=error \
      --outfile=bibtex-parser.cjs); then
    echo "$packages" >"$home/npm-wanted"
  else
    failed "$packages"
  fi
else
  failed "$packages; npm itself is missing"
fi
[ $missing = 0 ] && say "all there"
exit 0
