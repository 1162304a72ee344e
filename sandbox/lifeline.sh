# Reads "+ GROUP" and "- GROUP", "! SCRIPT" and "x SCRIPT" from the process that holds the other end of the pipe. The pipe closes
# when that process ends, however it ends: then every process group that is still held is killed, and the script is run.
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
    x) afterwards='' ;;
  esac
done
for one in $held; do kill -9 "-$one"; done 2>/dev/null
[ -z "$afterwards" ] || sh "$afterwards"
