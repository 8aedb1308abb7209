#!/bin/sh
# a "quoted" line, and a comma, and {braces}
exec sleep 5
