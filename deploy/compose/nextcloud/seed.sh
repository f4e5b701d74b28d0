#!/bin/sh
# Run by Nextcloud's image before each start (/docker-entrypoint-hooks.d/before-starting), as www-data.
# Makes the user that a try-out resets; does nothing where that user is there already.
set -eu

occ="${OCC:-php /var/www/html/occ}"
user="${SEED_USER:?}"
address="${SEED_USER_ADDRESS:?}"
OC_PASS="${SEED_USER_PASSWORD:?}"
export OC_PASS

# $occ is a command with its argument: it is meant to be split.
# shellcheck disable=SC2086
{
  if $occ user:info "$user" >/dev/null 2>&1; then
    echo "seed: the user $user is there already"
    exit 0
  fi
  $occ user:add --no-interaction --password-from-env --display-name="Alice Archer" --email="$address" "$user"
  # An app password, so that a reset has something to revoke. Nobody uses it: the image's log shows it.
  $occ user:auth-tokens:add --no-interaction --password-from-env --name="Phone" "$user"
}
