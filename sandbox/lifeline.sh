# Reads "+ GROUP" and "- GROUP" from the process that holds the other end of the pipe, and "! FILE" for a script to run at the end.
# The pipe closes when that process ends, however it ends: then every process group that is still held is killed.
trap '' INT TERM HUP
held=''
afterwards=''
while read -r verb what; do
  case $verb in
    +) held="$held $what" ;;
    -)
      rest=''
      for one in $held; do [ "$one" = "$what" ] || rest="$rest $one"; done
      held=$rest
      ;;
    !) afterwards=$what ;;
  esac
done
for one in $held; do kill -9 "-$one"; done 2>/dev/null
[ -z "$afterwards" ] || sh "$afterwards"
