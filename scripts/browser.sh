# Sourced by `make test` and `make bench`: finds Chrome or Chromium, or installs one, and leaves its path in QIFU_BROWSER.
# A machine without a Chinese font, which no user has, lends the browser the one that papers are set in.

found_browser() {
    for name in ${QIFU_BROWSER:-} chromium chromium-browser google-chrome google-chrome-stable chrome; do
        if command -v "$name" >/dev/null 2>&1; then
            QIFU_BROWSER=$(command -v "$name")
            return 0
        fi
    done
    if [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]; then
        QIFU_BROWSER="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
        return 0
    fi
    return 1
}

install_by_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "正在安装 Chromium（apt）。 Installing Chromium by apt." >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -q --no-install-recommends chromium ||
        { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; }; } >&2 </dev/null
}

# An older Chromium, for whoever may not install packages. Not --single-process: it hangs at the second tab.
install_by_npm() {
    command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 || return 1
    folder=$PWD/.venv/chromium
    QIFU_BROWSER=$folder/unpacked/chromium
    if [ ! -x "$QIFU_BROWSER" ]; then
        echo "正在安装 Chromium（npm）。 Installing Chromium by npm." >&2
        mkdir -p "$folder/unpacked"
        npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund \
            @sparticuz/chromium@147.0.0 >&2 </dev/null || return 1
        (cd "$folder" && TMPDIR=$folder/unpacked node --input-type=module \
            -e 'import c from "@sparticuz/chromium"; await c.executablePath()') >&2 || return 1
    fi
    [ -x "$QIFU_BROWSER" ]
}

if ! found_browser; then
    { install_by_apt && found_browser; } || install_by_npm || {
        echo "没有 Chrome 或 Chromium，也装不上：请先装一个，或用 QIFU_BROWSER 指出。" >&2
        echo "There is no Chrome or Chromium and none could be installed: install one, or name it in QIFU_BROWSER." >&2
        exit 1
    }
fi
export QIFU_BROWSER

if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh)" ] && [ -z "${FONTCONFIG_FILE:-}" ]; then
    FONTCONFIG_FILE=$PWD/.venv/fonts.conf
    cat >"$FONTCONFIG_FILE" <<EOF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>$(echo "$PWD"/.venv/lib/python3*/site-packages/pylopdf_fonts_zh_cn)</dir>
  <cachedir>$PWD/.venv/fonts-cache</cachedir>
</fontconfig>
EOF
    export FONTCONFIG_FILE
fi
