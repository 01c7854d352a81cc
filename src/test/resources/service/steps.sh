# Run as root by the systemd of systemd.sh: what it prints is compared by ServiceIT, faults go to standard error.
as() { setpriv --reuid=daemon --regid=daemon --clear-groups env SOVEREIGN_HOME=/var/lib/sovereign SOVEREIGN_AOT=off HOME=/tmp "$@"; }
sovereign=/opt/sovereign/bin/sovereign
export SOVEREIGN_AOT=off HOME=/root
$sovereign daemon install --system --as daemon >&2; echo "install $?"
echo "installed: $(systemctl is-enabled sovereign.socket sovereign.service | xargs) $(systemctl is-active sovereign.socket sovereign.service | xargs)"
systemctl show sovereign.service -p Type -p NRestarts -p User
as $sovereign assert 'edge(1, 2).' --json; echo "assert $?"
systemctl stop sovereign.service 2>/dev/null
echo "stopped: $(systemctl is-active sovereign.socket sovereign.service | xargs), $(systemctl show sovereign.service -p Result)"
as $sovereign query 'edge(A, B)?'; echo "query $?"
echo "started by its socket: $(systemctl is-active sovereign.socket sovereign.service | xargs)"
main=$(systemctl show sovereign.service -p MainPID --value); [ "$main" -gt 1 ] && kill -9 "$main"
as $sovereign query 'edge(A, B)?'; echo "after kill -9 $?"
$sovereign daemon uninstall --system >&2; echo "uninstall $?"
echo "left: $(ls /etc/systemd/system | grep -c sovereign) $(systemctl is-active sovereign.socket sovereign.service | xargs)"
