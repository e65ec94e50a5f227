# refused.sh FOLDER PREFIX ARGUMENTS: configures a project that calls colt5_add_library(norm ARGUMENTS).
folder=$1
rm -rf "$folder"
mkdir -p "$folder"
touch "$folder/norm.mlir"
cat > "$folder/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.22)
project(refused LANGUAGES ${LANGUAGES-C})
find_package(colt5 REQUIRED COMPONENTS embed)
colt5_add_library(norm $3)
END
cmake -S "$folder" -B "$folder/build" "-Dcolt5_DIR=$2/lib/cmake/colt5" 2>&1 | tr -s '\n ' ' '
[ ! -e "$folder/build/Makefile" ]
