#!/bin/sh
# Makes the test files anew. On Debian 12, as root:
#   apt-get install --no-install-recommends libreoffice-calc python3-uno gnumeric python3-openpyxl python3-xlwt \
#     python3-xlsxwriter libspreadsheet-writeexcel-perl php-cli libapache-poi-java default-jdk-headless
set -eu
cd "$(dirname "$0")"
/usr/bin/python3 libreoffice.py ..
/usr/bin/python3 others.py ..
/usr/bin/python3 by_hand.py ..
jars=/usr/share/java
java -Djava.awt.headless=true \
  -cp "$jars/poi.jar:$jars/commons-compress.jar:$jars/commons-collections4.jar:$jars/commons-codec.jar:$jars/commons-math3.jar" \
  Java.java ..
node sheetjs.mjs ..
