# prepare.sh FOLDER REPOSITORY PYTHON CASE: puts the scripts of the repository into FOLDER with stand-ins for everything
# that they call. CASE says what goes wrong.
set -eu
folder=$1 repository=$2 python=$3 case=$4
mkdir -p "$folder/scripts" "$folder/.ci" "$folder/build/bin" "$folder/build/test" "$folder/python/colt5_model"
cp "$repository/scripts/demo" "$repository/scripts/test" "$repository/scripts/python" "$folder/scripts"
cp -r "$repository/scripts/checks" "$folder/scripts"
cp "$repository/.ci/run" "$folder/.ci"
echo 'import os, sys; os.makedirs(sys.argv[sys.argv.index("--out") + 1])' > "$folder/python/colt5_model/__main__.py"
touch "$folder/python/colt5_model/__init__.py"
printf '#!/bin/sh\n' > "$folder/scripts/setup"
cp "$folder/scripts/setup" "$folder/scripts/build"
if [ "$case" = BUILD ]; then echo "exit 1" >> "$folder/scripts/build"; fi
cp "$repository/test/Tools/Inputs/front-door/stand_ins.py" "$folder/build/bin"
for tool in colt5-compile colt5-run lit; do
  printf '#!%s\nimport sys\nimport stand_ins\n' "$python" > "$folder/build/bin/$tool"
  echo "stand_ins.$(echo "$tool" | tr - _)(\"$case\", sys.argv[1:])" >> "$folder/build/bin/$tool"
done
chmod +x "$folder"/scripts/setup "$folder"/scripts/build "$folder"/build/bin/*
printf 'COLT5_PYTHON:FILEPATH=%s\nCOLT5_LIT:FILEPATH=%s\n' "$python" "$folder/build/bin/lit" > "$folder/build/CMakeCache.txt"
