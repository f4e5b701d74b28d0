/** Made by `npm run client` from openapi/openapi.json: change the routes, not this. */

export interface paths {
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users of Nextcloud
         * @description Nextcloud counts `limit` for each user backend, so a page can hold a few more. A key that is for some groups only sees their members; its pages can hold fewer, so go by `next`.
         *
         *     Scope: `users:read`.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user, with second factors
         * @description Scope: `users:read`.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What access a user has now
         * @description Asked right now, and nothing is changed. What cannot be seen from outside is `unknown`.
         *
         *     Scope: `users:read`.
         */
        get: operations["getUserAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions and app passwords of a user
         * @description Needs `OCC_COMMAND` or `NEXTCLOUD_DATABASE_URL`: over HTTP alone they can only be listed by logging in as the user.
         *
         *     Scope: `users:read`.
         */
        get: operations["listTokens"];
        put?: never;
        post?: never;
        /**
         * Revoke sessions and app passwords of a user
         * @description With occ or SQL the password stays as it is. Over HTTP alone it has to be replaced: then say `replacePassword=true`, which includes the reset mail, so that nobody is stranded.
         *
         *     Scope: `users:revoke`.
         */
        delete: operations["revokeTokens"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke one session or app password
         * @description As `DELETE /users/{userId}/tokens`, of one.
         *
         *     Scope: `users:revoke`.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a user
         * @description Replaces the password by a random one that nobody knows, revokes every session and app password, kills a reset link mailed earlier, and has the reset mail sent. Where that cannot work, it is refused before anything is changed. Users of a directory (LDAP, SAML, OIDC) keep their password and get no mail: the steps say so.
         *
         *     Scope: `users:reset`.
         */
        post: operations["resetUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/reset-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the "forgot password" mail sent
         * @description Asks Nextcloud for its reset mail and changes nothing else: password, sessions and app passwords stay as they are.
         *
         *     Scope: `users:reset`.
         */
        post: operations["sendResetMail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable a user
         * @description Nobody gets in as the user until it is enabled. It revokes nothing: sessions and app passwords sleep, and `enable` ends them before they wake. For a leaver, `offboard`.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["disableUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable a user
         * @description Nothing from before comes back. With occ or SQL sessions and app passwords are revoked first, and the password stays; over HTTP alone the password is replaced, the user enabled, everything revoked at once, and the reset mail sent. A deletion that was put off is cancelled.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["enableUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/wipe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wipe a user's devices
         * @description Every browser and app is signed out, and told to erase what it has synchronised when it next calls. Only what is still signed in can be told: wipe before you revoke. The password stays as it is.
         *
         *     Scope: `users:wipe`.
         */
        post: operations["wipeDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/offboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Off-board a leaver
         * @description Locks the user out: disabled, the password replaced by one that nobody knows, every session and app password revoked. What else is asked for comes after. It goes as far as it can: what cannot be done for this user (a directory, a second factor) keeps nothing else from being done, and ends it as `needs-attention` with what to set. `residualAccess` says what is left.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["offboardUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/reinstate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a leaver come back
         * @description Cancels a deletion that was put off, enables the user with nothing from before, and has the reset mail sent.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["reinstateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Operations, newest first
         * @description Scope: `users:read`.
         */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One operation, with its steps and outcome
         * @description Scope: `users:read`.
         */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/{operationId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an operation that needs attention go on
         * @description Checks the user again and goes on where it stopped. One that stopped at its mail mails again: the newest link wins. The key needs the scopes by which such an operation is begun.
         *
         *     Needs any key.
         */
        post: operations["retryOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/{operationId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop an operation
         * @description One that has changed nothing is `cancelled`. One that has begun to ends as `needs-attention`, since its user may be locked out without a mail: `retry` goes on, a second `cancel` closes it. One that runs stops before its next step; one that is `scheduled` does not begin. The key needs the scopes by which such an operation is begun.
         *
         *     Needs any key.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a second person, and what was decided; newest first
         * @description Scope: `approvals:decide`.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals/{approvalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One approval, with everyone on its list
         * @description Scope: `approvals:decide`.
         */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals/{approvalId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let everyone on the list go on
         * @description Binds to the exact list and the action by their hash: where somebody was added since you read it, it is refused. The key must belong to another owner than the one that asked, neither may have made the other, and it must be known for 24 hours. Those who were approved are counted by no brake.
         *
         *     Scope: `approvals:decide`.
         */
        post: operations["approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/approvals/{approvalId}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel everyone on the list
         * @description Nothing is done to anybody on it. Whoever asked may do this, too.
         *
         *     Scope: `approvals:decide`.
         */
        post: operations["reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let everybody in again who was disabled since then
         * @description For a mistake with many: each user whom `disable` or `offboard` disabled since then, who was enabled before and is disabled still, is enabled (after `disable`) or reinstated with its groups (after `offboard`) by an operation of its own. Nothing that was revoked comes back: it is as if each was asked for by itself. Deletions that were put off since then are cancelled. Whoever was disabled before, or is enabled again by now, is left as it is. At most 500 at once, for 20 s: `next` says whether there is more. Deleted accounts, erased devices and removed second factors are gone for good.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Campaigns, newest first
         * @description Scope: `campaigns:read`.
         */
        get: operations["listCampaigns"];
        put?: never;
        /**
         * Create a campaign
         * @description Asks everybody of an audience by mail whether they still need access, reminds them, and does what `onSilence` says to those who do not answer. Without a `schedule` it is a draft: look at its preview, and start it. The key also needs the scopes of what the campaign will do to users. With `dryRun=true` nothing is recorded, and the answer is the preview.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["createCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One campaign, with its counters
         * @description Scope: `campaigns:read`.
         */
        get: operations["getCampaign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a round would come to if it began now
         * @description Who would be asked, who would not and why, how many mails an hour, when it would end, and the mail. Nothing is written, and nobody is mailed. It reads the whole list of users.
         *
         *     Scope: `campaigns:read`.
         */
        post: operations["previewCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a draft
         * @description The list of users is read, and the first mails go out. Campaigns with a schedule start by themselves. The key also needs the scopes of what the campaign will do to users.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["startCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold a campaign
         * @description No mails, and nothing is done to anybody. Answers count all the same. What is at work goes on: for that there is `/stop`.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["pauseCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a campaign go on
         * @description After a pause everybody gets the time back that it stood still. After `aborted` it says that the list of users is right, however much smaller it is: it is read anew. The key also needs the scopes of what the campaign will do to users.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["resumeCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a campaign
         * @description For good: links die, no more mails, no next round, and what waits for an approval or for its turn is cancelled. Operations that are at work go on.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["cancelCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give everybody more time
         * @description Scope: `campaigns:write`.
         */
        post: operations["extendCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Participants of a round, by id
         * @description Scope: `campaigns:read`.
         */
        get: operations["listParticipants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/participants/{userId}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record that a participant still needs access
         * @description Of the round that is open. The person gets no more mails, and the link dies.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["confirmParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/participants/{userId}/vouch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vouch for a participant
         * @description Of the round that is open. The person gets no more mails, and the link dies.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["vouchParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/participants/{userId}/exclude": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a participant out of this round
         * @description Of the round that is open. The person gets no more mails, and the link dies.
         *
         *     Scope: `campaigns:write`.
         */
        post: operations["excludeParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a campaign
         * @description Server-sent events: `event: campaign` with the campaign as `data`, at once and each time it changed, at most once a second. It ends with the campaign.
         *
         *     Scope: `campaigns:read`.
         */
        get: operations["watchCampaign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it is stopped, since when, and why
         * @description Needs any key.
         */
        get: operations["getStop"];
        put?: never;
        /**
         * Stop everything
         * @description Once this is answered, no replica begins a step that changes anything: steps that are at work end, and operations wait with the problem `stopped`, as long as it takes. Requests that change users are refused; reading, and cancelling operations, goes on. A user who was let in for a log-in of ours is disabled again. A second stop leaves the first as it is. The same on the host: `locksmith host stop`.
         *
         *     Scope: `admin`.
         */
        post: operations["stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on after a stop
         * @description What waits goes on within a second. Cancel before what had better not. The same on the host: `locksmith host resume`.
         *
         *     Scope: `admin`.
         */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Audit events, newest first
         * @description Scope: `audit:read`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{userId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A person's story, from the first event on
         * @description What was done to this user, by whom and why, each as a sentence. It is what the audit says: also of users who are gone from Nextcloud.
         *
         *     Scope: `audit:read`.
         */
        get: operations["userHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The signed head of the log
         * @description A checkpoint (C2SP tlog-checkpoint, a note signed with Ed25519) of everything that was sealed until now. Whoever keeps one can tell later whether the log that it was taken of is still the beginning of this one.
         *
         *     Scope: `audit:read`.
         */
        get: operations["auditCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/{seq}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * That an event is in the log
         * @description The event as it was sealed, and the hashes that lead from it to the root of a checkpoint (RFC 9162, 2.1.3). `node tools/verify-audit.mjs proof` checks it.
         *
         *     Scope: `audit:read`.
         */
        get: operations["auditProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * That an earlier log is the beginning of a later one
         * @description The hashes that show it (RFC 9162, 2.1.4), for whoever kept the checkpoint of the earlier one. `node tools/verify-audit.mjs consistency` checks it.
         *
         *     Scope: `audit:read`.
         */
        get: operations["auditConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log, or a part of it, as a file
         * @description All events that the filters let through, as one moment of the database, streamed: also a million.
         *
         *     Without filters `ndjson` is the whole log with what proves it: `locksmith host audit verify --export`, or `tools/verify-audit.mjs` with nothing but Node, tells whether anything in it was changed, taken away, added, moved or cut off. With filters each event can still be verified by itself. The format is in docs/AUDIT.md.
         *
         *     `csv` (RFC 4180, UTF-8 with a byte order mark) is for reading; a cell that a spreadsheet could take for a formula has an apostrophe before it.
         *
         *     An export is personal data.
         *
         *     Scope: `audit:read`.
         */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/campaigns/{campaignId}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The report of a round, as evidence of an access review
         * @description Who was asked, when and at which address, how each mail was delivered, who answered what, and what was done about it: evidence for ISO/IEC 27001:2022 Annex A 5.18 and SOC 2 CC6.3, and no claim beyond that.
         *
         *     Without `format` a browser (`Accept: text/html`) gets the page, everybody else JSON. All of a report is of one moment. While the round goes on it says that it is not final, and as of when; of a round that has ended the bytes are the same each time, and `format=sha256` gives their hashes for `sha256sum -c`.
         *
         *     The CSV (RFC 4180, UTF-8 with a byte order mark, which Excel needs) has one row for each participant. A cell that a spreadsheet could take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an apostrophe before that; take it off to get the very value.
         *
         *     A report is personal data. It has to be read at a fair pace: 30 s for each part, 15 minutes in all.
         *
         *     Scope: `campaigns:read`.
         */
        get: operations["campaignReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * API keys, newest first
         * @description Never a secret. Revoked and expired ones stay in the list; `LOCKSMITH_API_KEY` is not in it.
         *
         *     Scope: `keys:manage`.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key
         * @description Nobody hands out more than they have: scopes are some of your own (`admin`: all), and what limits you limits the key as well, whether it is left out or given.
         *
         *     Scope: `keys:manage`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One API key
         * @description Scope: `keys:manage`.
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description For good, and within a second in all processes. What it began goes on.
         *
         *     Scope: `keys:manage`.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace an API key
         * @description A new key with the same name, scopes, owner and limits; one that expires is made for as long again, but for no longer than yours. Both work until the overlap is over.
         *
         *     Scope: `keys:manage`.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks, newest first
         * @description Never a secret.
         *
         *     Scope: `webhooks:manage`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have a URL told of what happens
         * @description After [Standard Webhooks](https://www.standardwebhooks.com): signed with HMAC-SHA256, the same `webhook-id` at every try, ten tries in three days. 50 at most.
         *
         *     Scope: `webhooks:manage`.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook
         * @description Scope: `webhooks:manage`.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description With its deliveries; what was still to be sent is not.
         *
         *     Scope: `webhooks:manage`.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook, or let it rest
         * @description While one is disabled nothing is recorded for it; what waits for it is kept, and sent once it is enabled again.
         *
         *     Scope: `webhooks:manage`.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/webhooks/{webhookId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of a webhook
         * @description Both secrets sign until the overlap is over, so the receiver can change over when it likes. A secret before those two signs no more.
         *
         *     Scope: `webhooks:manage`.
         */
        post: operations["rotateWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a webhook was told, and is to be told; newest first
         * @description Scope: `webhooks:manage`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send it once more
         * @description At once, with all its tries before it, and under the same `webhook-id`: a receiver that has had it can tell. One that waits for its next try does not wait any longer.
         *
         *     Scope: `webhooks:manage`.
         */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event that means nothing
         * @description `webhook.test`, whatever the webhook has subscribed to. What came of it is in `GET /webhooks/{webhookId}/deliveries` a moment later.
         *
         *     Scope: `webhooks:manage`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/ssf-configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where security events come from, and how to get them
         * @description Transmitter Configuration Metadata of the [Shared Signals Framework 1.0](https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html).
         */
        get: operations["ssfConfiguration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssf/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys by which security events are verified
         * @description A JSON Web Key Set (RFC 7517): RSA keys for RS256, the one that signs first.
         */
        get: operations["ssfKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssf/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your streams, or one of them
         * @description A list of all of them, or with `stream_id` that one. Those of other owners are not there.
         *
         *     Scope: `streams:manage`.
         */
        get: operations["getStreams"];
        /**
         * Replace the configuration of a stream
         * @description What a receiver supplies and is left out is deleted. What Locksmith supplies may be sent, as it was shown.
         *
         *     Scope: `streams:manage`.
         */
        put: operations["replaceStream"];
        /**
         * Have security events pushed to a receiver
         * @description Create Stream of the Shared Signals Framework 1.0. `aud` may be sent, beside what the specification has. The stream is of the owner of your key. 50 at most.
         *
         *     Scope: `streams:manage`.
         */
        post: operations["createStream"];
        /**
         * Delete a stream
         * @description What was still to be sent is not.
         *
         *     Scope: `streams:manage`.
         */
        delete: operations["deleteStream"];
        options?: never;
        head?: never;
        /**
         * Change a stream
         * @description What is left out stays as it is; `delivery` is changed as a whole. What Locksmith supplies may be sent, as it was shown.
         *
         *     Scope: `streams:manage`.
         */
        patch: operations["changeStream"];
        trace?: never;
    };
    "/ssf/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether anything is sent over a stream
         * @description Scope: `streams:manage`.
         */
        get: operations["getStreamStatus"];
        put?: never;
        /**
         * Pause a stream, disable it, or enable it again
         * @description While it is paused, what happens is kept for `KEEP_WEBHOOK_DELIVERIES_DAYS`, and sent in its order once it is enabled. While it is disabled nothing is kept.
         *
         *     Scope: `streams:manage`.
         */
        post: operations["setStreamStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssf/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a verification event sent over a stream
         * @description It is sent within a second or so, beside what else is due; while the stream is paused, once it is enabled. Once in 30 s.
         *
         *     Scope: `streams:manage`.
         */
        post: operations["verifyStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Database, Nextcloud and jobs are at hand
         * @description Nextcloud is asked for `/status.php`, never with credentials. While it is away, requests are still taken: they wait and go on by themselves. So a load balancer asks with `nextcloud=optional`, or nobody could say anything to any replica then.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus metrics
         * @description Needs any key.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is wrong, what it means, and what mends it
         * @description Examines Nextcloud, the admin accounts, limits, mail, second factors, and the database of Locksmith. It changes nothing and takes some seconds, half a minute at most; the answer is given again for 10 s. A credential that was refused is not sent again. The same on the command line: `locksmith host doctor`.
         *
         *     Scope: `admin`.
         */
        get: operations["doctor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a problem means and what to do
         * @description The page that `type` of a problem leads to.
         */
        get: operations["explainProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/ServiceProviderConfig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What of SCIM is supported
         * @description Needs any key.
         */
        get: operations["scimServiceProviderConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/ResourceTypes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which resources there are
         * @description Needs any key.
         */
        get: operations["scimResourceTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/ResourceTypes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which resources there are: one
         * @description Needs any key.
         */
        get: operations["scimResourceType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/Schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which attributes they have
         * @description Needs any key.
         */
        get: operations["scimSchemas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/Schemas/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which attributes they have: one
         * @description Needs any key.
         */
        get: operations["scimSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/Users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users, in pages or by a filter
         * @description Filters: `userName`, `id`, `externalId` or `emails.value` by `eq`, and more conditions with `and`. Also `emails[type eq "work"].value`.
         *
         *     Scope: `users:read`.
         */
        get: operations["scimListUsers"];
        put?: never;
        /**
         * Link a user that Nextcloud has
         * @description Found by `userName`, else by a mail address that only one user has. No account is made: that is left to Nextcloud's own login. `active: false` off-boards: locked out, every session and app password revoked. `active: true` reinstates. `externalId` is kept. Everything else is taken and left as Nextcloud has it, which is what is answered.
         *
         *     Scope: `users:offboard`.
         */
        post: operations["scimAssignUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/Users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description Also one who is deactivated. 404: nobody, or deleted by a client of the same owner.
         *
         *     Scope: `users:read`.
         */
        get: operations["scimGetUser"];
        /**
         * Say how a user is
         * @description `active: false` off-boards: locked out, every session and app password revoked. `active: true` reinstates. `externalId` is kept. Everything else is taken and left as Nextcloud has it, which is what is answered. A whole user says `active: true` whatever it is about, so here it reinstates only whom a client of the same owner had off-boarded.
         *
         *     Scope: `users:offboard`.
         */
        put: operations["scimReplaceUser"];
        post?: never;
        /**
         * Off-board a user, and delete the account later
         * @description After `SCIM_DELETE_AFTER`, unless the user comes back. From then on it is 404 for clients of the same owner. Needs the scope `users:offboard`, too. Above a brake it is 409 until the off-boarding is approved.
         *
         *     Scope: `users:delete`.
         */
        delete: operations["scimDeleteUser"];
        options?: never;
        head?: never;
        /**
         * Deactivate or reactivate a user
         * @description `active: false` off-boards: locked out, every session and app password revoked. `active: true` reinstates. `externalId` is kept. Everything else is taken and left as Nextcloud has it, which is what is answered. Above a brake the off-boarding waits for an approval, and `active` stays true until then.
         *
         *     Scope: `users:offboard`.
         */
        patch: operations["scimPatchUser"];
        trace?: never;
    };
    "/scim/v2/Groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Groups, in pages or by a filter
         * @description Filters: `displayName`, `id` or `members.value` by `eq`, and more conditions with `and`. Members are a question to Nextcloud for each group: `excludedAttributes=members` is quicker.
         *
         *     Scope: `users:read`.
         */
        get: operations["scimListGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/v2/Groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One group, and who is in it
         * @description Scope: `users:read`.
         */
        get: operations["scimGetGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/global-token-revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a user out everywhere
         * @description Every session and app password that the user has now is revoked ([draft](https://datatracker.ietf.org/doc/draft-parecki-oauth-global-token-revocation/)). Where nothing else can revoke the password is replaced for it. Called with a key, or with a request signed (JWT of the type `global-token-revocation+jwt`) by one of `SIGNAL_ISSUERS`; signed, the same `jti` is acted upon once.
         *
         *     Scope: `signals:send`.
         */
        post: operations["revokeAllTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssf/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a security event
         * @description A security event token (RFC 8417), signed by one of `SIGNAL_ISSUERS`. `session-revoked` (CAEP) and `account-disabled` (RISC) sign the user out everywhere; every other event is taken, and nothing is done. No API key is needed.
         */
        post: operations["receiveSecurityEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A problem (RFC 9457) */
        Problem: {
            /** @description Path of a page about this problem, also its stable name */
            type: string;
            /**
             * @description The last part of `type`
             * @enum {unknown}
             */
            code: "malformed-json" | "invalid-request" | "invalid-user-id" | "unauthorized" | "missing-scope" | "address-not-allowed" | "limited-to-groups" | "rate-limited" | "too-many-failed-logins" | "identity-provider-unavailable" | "not-found" | "request-timeout" | "headers-too-large" | "body-too-large" | "unsupported-media-type" | "idempotency-key-missing" | "idempotency-key-invalid" | "idempotency-key-in-flight" | "idempotency-key-reused" | "stopped" | "internal-error" | "database-unavailable" | "unknown-key" | "beyond-own-rights" | "key-not-rotatable" | "unknown-operation" | "operation-already-running" | "operation-not-retryable" | "operation-not-cancellable" | "awaiting-approval" | "brake-reached" | "unknown-approval" | "approval-over" | "approval-changed" | "approval-not-allowed" | "approval-not-given" | "campaign-state" | "participant-state" | "unknown-participant" | "public-url-not-configured" | "user-list-shrank" | "unknown-campaign" | "report-not-final" | "unknown-event" | "not-sealed-yet" | "unknown-group" | "ambiguous-user" | "unknown-user" | "own-account" | "protected-user" | "protected-users-unresolved" | "user-disabled" | "no-mail-address" | "cannot-set-password" | "two-factor-user" | "two-factor-enforced" | "password-reset-off" | "smtp-not-configured" | "encryption-per-user-keys" | "needs-password-replacement" | "user-enabled" | "tokens-not-listable" | "unknown-token" | "token-to-be-wiped" | "webhooks-not-configured" | "webhook-url-not-allowed" | "too-many-webhooks" | "unknown-webhook" | "webhook-disabled" | "unknown-delivery" | "ssf-not-configured" | "unknown-stream" | "too-many-streams" | "stream-disabled" | "verification-too-soon" | "cannot-act-as-user" | "residual-access" | "address-changed" | "delivery-unknown" | "mail-rejected" | "mail-server-unavailable" | "login-refused" | "login-needs-second-factor" | "tokens-remain" | "password-refused" | "effect-unknown" | "stopped-halfway" | "user-let-in" | "gave-up" | "revocation-unavailable" | "nextcloud-unreachable" | "nextcloud-maintenance" | "nextcloud-limit" | "nextcloud-busy" | "nextcloud-unexpected-answer" | "nextcloud-credentials-refused" | "nextcloud-not-allowed" | "nextcloud-password-confirmation" | "nextcloud-untrusted-host";
            title: string;
            status: number;
            /** @description What happened, what was and was not done, what to do next */
            detail: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A user of Nextcloud */
        User: {
            /** @description As Nextcloud writes it */
            id: string;
            displayName: string;
            /** @description Where Nextcloud mails to: the chosen notification address, else the main one */
            mailAddress: string | null;
            enabled: boolean;
            /** @description Where Nextcloud has the user from: `Database`, `LDAP` … */
            backend: string;
            /** @description False for directory users: their password is kept elsewhere */
            canSetPassword: boolean;
            language: string | null;
            groups: string[];
            /** @description A person's last login; log-ins of Locksmith to revoke sessions are left out. null: never */
            lastLogin: string | null;
        };
        /** @description A user of Nextcloud, with second factors */
        UserDetail: {
            /** @description As Nextcloud writes it */
            id: string;
            displayName: string;
            /** @description Where Nextcloud mails to: the chosen notification address, else the main one */
            mailAddress: string | null;
            enabled: boolean;
            /** @description Where Nextcloud has the user from: `Database`, `LDAP` … */
            backend: string;
            /** @description False for directory users: their password is kept elsewhere */
            canSetPassword: boolean;
            language: string | null;
            groups: string[];
            /** @description A person's last login; log-ins of Locksmith to revoke sessions are left out. null: never */
            lastLogin: string | null;
            twoFactor: {
                /** @description Second factors that the user has set up */
                providers: string[];
                /** @description Whether Nextcloud asks for one in any case */
                enforced: boolean;
            };
        };
        /** @description A session or app password */
        Token: {
            /** @description Of `DELETE /users/{userId}/tokens/{tokenId}` */
            id: number;
            /** @description What the browser or app calls itself: anybody can call it anything */
            name: string;
            /**
             * @description `wiped`: opens nothing any more, and its device will learn by it that it must erase
             * @enum {unknown}
             */
            kind: "session" | "app-password" | "wiped";
            lastUsedAt: string | null;
        };
        /** @description What Locksmith does to one user */
        Operation: {
            /** Format: uuid */
            id: string;
            /** @enum {unknown} */
            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete";
            /** @description As Nextcloud writes it */
            userId: string;
            /**
             * @description `waiting`: it goes on by itself at `resumeAt`. `scheduled`: it begins at `resumeAt`. `awaiting-approval`: it begins once a second person agrees. `failed`: nothing was changed. `needs-attention`: something was or may have been changed, or could not be done, and a person has to look; `retry` goes on
             * @enum {unknown}
             */
            state: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
            reason: string | null;
            /**
             * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
             * @enum {unknown}
             */
            mail: "nextcloud" | "smtp" | "none";
            /**
             * @description What ends: every session and app password, browser sessions only, or nothing
             * @enum {unknown}
             */
            revoke: "all" | "sessions" | "none";
            /** @description What else was asked for */
            options: {
                /**
                 * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                 * @enum {unknown}
                 */
                twoFactor?: "keep" | "remove";
                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                acceptDataLoss?: boolean;
                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                replacePassword?: boolean;
                /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                wipe?: boolean;
                /**
                 * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                 * @enum {unknown}
                 */
                passkeys?: "keep" | "delete";
                /**
                 * @description Public links, and shares with other servers
                 * @enum {unknown}
                 */
                shares?: "keep" | "delete";
                /** @description Groups that the user is taken out of, or comes back to */
                groups?: "all" | string[];
                /** @description Back into the groups that the last off-boarding took */
                restoreGroups?: boolean;
                /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                manager?: string;
                /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                deleteAfter?: string;
                /** @description The campaign that it follows from, and why */
                campaign?: {
                    /** Format: uuid */
                    id: string;
                    round: number;
                    /** @enum {unknown} */
                    because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                };
                /** @description Which tokens were to go */
                only?: {
                    /** @enum {unknown} */
                    kind?: "session" | "app-password";
                    /** Format: date-time */
                    lastUsedBefore?: string;
                    tokenId?: number;
                };
            };
            steps: {
                name: string;
                /** @enum {unknown} */
                state: "pending" | "started" | "done" | "skipped" | "waiting" | "failed" | "unknown";
                attempts: number;
                startedAt: string | null;
                finishedAt: string | null;
                /** @description What this step added to the outcome of the operation */
                outcome: {
                    [key: string]: unknown;
                } | null;
                /** @description What is in its way: a problem (RFC 9457) */
                problem: {
                    [key: string]: unknown;
                } | null;
            }[];
            /** @description What is known to be done, and nothing else */
            outcome: {
                /** @description The user as found before anything was changed; lastLogin is a person's, never our own */
                user?: {
                    id: string;
                    displayName: string;
                    mailAddress: string | null;
                    language: string | null;
                    enabled?: boolean;
                    /** @description Where Nextcloud has the user from: `Database`, `LDAP` … */
                    backend?: string;
                    lastLogin: string | null;
                };
                /** @description How sessions and app passwords are revoked */
                driver?: {
                    /** @enum {unknown} */
                    name: "session" | "occ" | "sql" | "wipe";
                    /** @description Why this one */
                    because: string;
                    /** @enum {boolean} */
                    pastSecondFactor?: true;
                };
                /** @description `unknown`: server-side encryption is in the way of the answer. `false`: the step says why it was not */
                passwordReplaced?: boolean | "unknown";
                secondFactorsRemoved?: string[];
                revoked?: {
                    /** @description Browser sessions */
                    sessions: number;
                    /** @description App passwords */
                    appPasswords: number;
                } | "unknown";
                /** @description Of what was to be revoked, what was still there when listed again */
                remaining?: number | "unknown";
                passkeys?: {
                    /** @description Over all attempts */
                    deleted: number;
                    /** @description Read back */
                    remaining: number | "unknown";
                };
                shares?: {
                    /** @description Over all attempts */
                    deleted: number;
                    /** @description Public links that are left */
                    publicLinks: number | "unknown";
                    /** @description Shares with other servers that are left */
                    federatedShares: number | "unknown";
                };
                /** @description Not asked to be revoked */
                kept?: {
                    /** @description Browser sessions */
                    sessions?: number;
                    /** @description App passwords */
                    appPasswords: number;
                };
                /**
                 * @description Nextcloud tells each device when it next calls
                 * @enum {string}
                 */
                wipe?: "asked";
                /** @description Devices that were told to wipe and have not reported yet */
                wipePending?: number | "unknown";
                /**
                 * @description A reset link mailed earlier
                 * @enum {unknown}
                 */
                earlierResetLink?: "dead" | "unknown";
                /** @description Read back: whether Nextcloud lets the user in */
                enabled?: boolean;
                /** @description When a disabled user was enabled, to log in as the user and revoke: nobody knew the password then */
                windows?: {
                    /** Format: date-time */
                    from: string;
                    to: string | null;
                }[];
                groupsRemoved?: string[];
                groupsRestored?: string[];
                /** @description To be restored, but Nextcloud has them no more */
                groupsMissing?: string[];
                /** @description What is left by which the user could get in or files could get out */
                residualAccess?: {
                    /** @description Sessions and app passwords: they work again once the user is enabled */
                    tokens: number | "unknown";
                    /** @description Devices that have yet to erase */
                    wipePending: number | "unknown";
                    /** @description 1: a link to a new password is pending */
                    resetLink: number | "unknown";
                    /** @description Passkeys */
                    passkeys: number | "unknown";
                    /** @description Public links, also those that were mailed */
                    publicLinks: number | "unknown";
                    /** @description Shares with other servers */
                    federatedShares: number | "unknown";
                };
                /** @description A deletion that was put off */
                deletion?: {
                    /** @description Path of the operation that will delete */
                    operation: string;
                    /** Format: date-time */
                    at: string;
                };
                /** @description `false`: the account was gone before Locksmith asked */
                deleted?: boolean;
                notice?: {
                    to: string;
                    /**
                     * @description `requested`: Nextcloud was asked, and never says whether it sent; `accepted`/`rejected`: as the mail server said; `unknown`: the answer was lost
                     * @enum {unknown}
                     */
                    delivery: "requested" | "accepted" | "rejected" | "unknown" | "not-requested";
                };
                mail?: {
                    /**
                     * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                     * @enum {unknown}
                     */
                    via: "nextcloud" | "smtp" | "none";
                    /**
                     * @description `requested`: Nextcloud was asked, and never says whether it sent; `accepted`/`rejected`: as the mail server said; `unknown`: the answer was lost
                     * @enum {unknown}
                     */
                    delivery: "requested" | "accepted" | "rejected" | "unknown" | "not-requested";
                    /** @description The address at that moment */
                    to?: string;
                };
            };
            /** @description Why it is not `succeeded`: a problem (RFC 9457) */
            problem: {
                [key: string]: unknown;
            } | null;
            /** @description When it is tried again, while it waits; when it begins, while it is scheduled */
            resumeAt: string | null;
            /** @description While it is open, of a single operation: when it will be over if nothing goes wrong, by what Nextcloud allows in a time */
            estimate?: {
                /** Format: date-time */
                finishedAt: string;
                /** @description Operations before it in the line for what Nextcloud limits */
                ahead: number;
            };
            /** @description The newer operation that took its place */
            supersededBy: string | null;
            /** @description Path of the approval that it waits for, or that let it go on */
            approval: string | null;
            /** @description The API key that asked */
            requestedBy: string;
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        /** @description What would come of it: nothing was changed */
        DryRun: {
            /** @enum {boolean} */
            dryRun: true;
            /** @enum {unknown} */
            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete";
            /** @description As Nextcloud writes it */
            userId: string;
            /**
             * @description How it would begin; `refused`: not at all, and `problem` says why
             * @enum {unknown}
             */
            would: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled" | "refused";
            /**
             * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
             * @enum {unknown}
             */
            mail: "nextcloud" | "smtp" | "none";
            /**
             * @description What ends: every session and app password, browser sessions only, or nothing
             * @enum {unknown}
             */
            revoke: "all" | "sessions" | "none";
            /** @description What else was asked for */
            options: {
                /**
                 * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                 * @enum {unknown}
                 */
                twoFactor?: "keep" | "remove";
                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                acceptDataLoss?: boolean;
                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                replacePassword?: boolean;
                /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                wipe?: boolean;
                /**
                 * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                 * @enum {unknown}
                 */
                passkeys?: "keep" | "delete";
                /**
                 * @description Public links, and shares with other servers
                 * @enum {unknown}
                 */
                shares?: "keep" | "delete";
                /** @description Groups that the user is taken out of, or comes back to */
                groups?: "all" | string[];
                /** @description Back into the groups that the last off-boarding took */
                restoreGroups?: boolean;
                /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                manager?: string;
                /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                deleteAfter?: string;
                /** @description The campaign that it follows from, and why */
                campaign?: {
                    /** Format: uuid */
                    id: string;
                    round: number;
                    /** @enum {unknown} */
                    because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                };
                /** @description Which tokens were to go */
                only?: {
                    /** @enum {unknown} */
                    kind?: "session" | "app-password";
                    /** Format: date-time */
                    lastUsedBefore?: string;
                    tokenId?: number;
                };
            };
            /** @description In this order */
            steps: {
                name: string;
                /** @description Why this step would not be done */
                problem: {
                    [key: string]: unknown;
                } | null;
            }[];
            /** @description How sessions and app passwords would be revoked */
            driver: {
                /** @enum {unknown} */
                name: "session" | "occ" | "sql" | "wipe";
                because: string;
            } | null;
            brakes: {
                /** @enum {unknown} */
                brake: "lock-out" | "wipe" | "deletion";
                /** @description Users in the last 24 hours, this one left out */
                used: number;
                /** @description So many may be; above it a second person is asked */
                most: number;
            }[];
            /** @description When it would be over, by what Nextcloud allows in a time; null: at once */
            estimate: {
                /** Format: date-time */
                finishedAt: string;
                /** @description Operations before it in the line */
                ahead: number;
            } | null;
            /** @description Why it would wait or be refused: a problem (RFC 9457) */
            problem: {
                [key: string]: unknown;
            } | null;
        };
        /** @description What was begun to take back what was done */
        Undone: {
            items: {
                userId: string;
                /** @description null: only asked for by `dryRun` */
                operation: string | null;
                /** @description The one that disabled the user */
                of: string;
            }[];
            notUndone: {
                userId: string;
                /** @description The one that disabled the user */
                of: string;
                /** @description Why not: a problem (RFC 9457) */
                problem: {
                    [key: string]: unknown;
                };
            }[];
            deletionsCancelled: {
                userId: string;
                /** @description The deletion, which will not begin */
                operation: string;
            }[];
            /** @description `cursor` for the rest, by the same request; null: that was all */
            next: string | null;
            /**
             * @description Nothing was begun: so it would be
             * @enum {boolean}
             */
            dryRun?: true;
        };
        Campaign: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {unknown} */
            state: "draft" | "scheduled" | "planning" | "open" | "closing" | "acting" | "paused" | "aborted" | "ended" | "cancelled";
            /** @description As asked for, with its defaults */
            definition: {
                [key: string]: unknown;
            };
            nextRoundAt: string | null;
            problem: {
                [key: string]: unknown;
            } | null;
            /** @description The last one that began */
            round: {
                number: number;
                /** Format: date-time */
                beganAt: string;
                /** @description Who is asked is known */
                openedAt: string | null;
                /** @description No answer counts any more */
                closedAt: string | null;
                /** @description All that followed is over */
                endedAt: string | null;
                /** @description Users that Nextcloud told of */
                listed: number | null;
                /** @description Participants in each state */
                counts: {
                    out: number;
                    waiting: number;
                    asked: number;
                    confirmed: number;
                    vouched: number;
                    excluded: number;
                    left: number;
                    bounced: number;
                    undelivered: number;
                    silent: number;
                    acting: number;
                    acted: number;
                    spared: number;
                    failed: number;
                };
                /** @description Why a second person is asked before those who were silent are locked out */
                brakes: string[];
            } | null;
            /** @description Path */
            report: string | null;
            requestedBy: string;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
        };
        CampaignPreview: {
            /** @description Users that Nextcloud told of */
            listed: number;
            /** @description Who would be asked */
            in: {
                total: number;
                /** @description The first hundred */
                users: string[];
            };
            /** @description Who is in the audience and would not be asked, and why */
            out: {
                /** @enum {unknown} */
                reason: "no-mail-address" | "shared-address" | "disabled" | "protected" | "directory-user" | "confirmed-recently";
                total: number;
                /** @description The first hundred */
                users: string[];
            }[];
            firstMailsPerHour: number;
            /**
             * Format: date-time
             * @description When the last of the first mails, or resets, would be due
             */
            lastMailAt: string;
            /**
             * Format: date-time
             * @description When everybody's time would be over
             */
            closesAt: string;
            /** @description When the next rounds would begin, by the schedule: five at most */
            dates: string[];
            /** @description If nobody answered: how many would be locked out, and may be now without an approval */
            approval: {
                lockOuts: number;
                most: number;
                needed: boolean;
            };
            /** @description As the first who would be asked would get it, without a link that works */
            mail: {
                subject: string;
                language: string;
                text: string;
                html: string;
            } | null;
        };
        Participant: {
            userId: string;
            displayName: string;
            /** @description As Nextcloud had it when the round began */
            address: string | null;
            /** @enum {unknown} */
            state: "out" | "waiting" | "asked" | "confirmed" | "vouched" | "excluded" | "left" | "bounced" | "undelivered" | "silent" | "acting" | "acted" | "spared" | "failed";
            /** @description Why the user is not asked */
            outBecause: ("no-mail-address" | "shared-address" | "disabled" | "protected" | "directory-user" | "confirmed-recently") | null;
            askedAt: string | null;
            /** @description The invitation, or a reminder */
            nextMailAt: string | null;
            /** @description Time to answer; null: more mails come first, or it is over */
            overAt: string | null;
            /** @description A mail was accepted, and none came back */
            reached: boolean;
            bounce: ("soft" | "hard") | null;
            answer: ("confirmed" | "vouched" | "excluded" | "left") | null;
            answeredAt: string | null;
            /** @description `self`, `contact:<address>`, or the key */
            answeredBy: string | null;
            answerReason: string | null;
            /** @description Path of what is done to the user */
            operation: string | null;
            /** @description Why nothing was done, or why it failed */
            problem: {
                [key: string]: unknown;
            } | null;
        };
        /** @description Whether anything is done to anybody */
        Stop: {
            stopped: boolean;
            since: string | null;
            /** @description The API key, or `host`: its command line */
            by: string | null;
            reason: string | null;
        };
        /** @description What was done, or was about to be: an effect is written before it is tried. Who was erased appears by a pseudonym */
        AuditEvent: {
            /** @description Later events have higher ones; some numbers are left out */
            seq: number;
            /** Format: date-time */
            at: string;
            /** @enum {unknown} */
            action: "operation.requested" | "operation.superseded" | "operation.held" | "operation.approved" | "operation.retried" | "operation.cancelled" | "operation.stop-requested" | "operation.taken-over" | "operation.user-let-in" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "step.intended" | "step.done" | "step.skipped" | "step.waiting" | "step.failed" | "step.unknown" | "step.undo-intended" | "step.undone" | "approval.approved" | "approval.rejected" | "approval.expired" | "key.created" | "key.revoked" | "key.rotated" | "key.address-refused" | "console.signed-in" | "console.signed-out" | "service.stopped" | "service.resumed" | "campaign.created" | "campaign.started" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.extended" | "campaign.time-given-back" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "participant.mailed" | "participant.bounced" | "participant.answered" | "participant.spared" | "nextcloud.credentials-refused" | "signal.ignored" | "webhook.created" | "webhook.changed" | "webhook.rotated" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "stream.created" | "stream.changed" | "stream.deleted" | "stream.disabled" | "audit.adopted" | "audit.key-changed" | "audit.pseudonymised" | "audit.pruned" | "audit.went-on-after-loss";
            /** @description What the event says of how something went; null: nothing, it began or was decided */
            outcome: ("success" | "failure" | "unknown") | null;
            /** @description The API key (`key:…`) or the subject of an access token (`oidc:<issuer>#<sub>`), an issuer of security events (`issuer:…`), a campaign (`campaign:…`) or who answered one (`user:…`, `contact:…`), Locksmith itself (`system`), or someone at its command line (`host`) */
            actor: string;
            /** @description Whom it is about */
            userId: string | null;
            operationId: string | null;
            campaignId: string | null;
            /** @description `X-Request-Id` of the request that led to it */
            requestId: string | null;
            /** @description Where that request came from */
            sourceAddress: string | null;
            /** @description Other members for each action */
            details: {
                [key: string]: unknown;
            };
            /** @description Its leaf in the tree; null: not sealed yet, which takes a second at most */
            index: number | null;
        };
        /** @description An event of a person’s story */
        HistoryEvent: {
            /** @description Later events have higher ones; some numbers are left out */
            seq: number;
            /** Format: date-time */
            at: string;
            /** @description What happened, in a sentence */
            text: string;
            /** @enum {unknown} */
            action: "operation.requested" | "operation.superseded" | "operation.held" | "operation.approved" | "operation.retried" | "operation.cancelled" | "operation.stop-requested" | "operation.taken-over" | "operation.user-let-in" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "step.intended" | "step.done" | "step.skipped" | "step.waiting" | "step.failed" | "step.unknown" | "step.undo-intended" | "step.undone" | "approval.approved" | "approval.rejected" | "approval.expired" | "key.created" | "key.revoked" | "key.rotated" | "key.address-refused" | "console.signed-in" | "console.signed-out" | "service.stopped" | "service.resumed" | "campaign.created" | "campaign.started" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.extended" | "campaign.time-given-back" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "participant.mailed" | "participant.bounced" | "participant.answered" | "participant.spared" | "nextcloud.credentials-refused" | "signal.ignored" | "webhook.created" | "webhook.changed" | "webhook.rotated" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "stream.created" | "stream.changed" | "stream.deleted" | "stream.disabled" | "audit.adopted" | "audit.key-changed" | "audit.pseudonymised" | "audit.pruned" | "audit.went-on-after-loss";
            /** @description What the event says of how something went; null: nothing, it began or was decided */
            outcome: ("success" | "failure" | "unknown") | null;
            /** @description The API key (`key:…`) or the subject of an access token (`oidc:<issuer>#<sub>`), an issuer of security events (`issuer:…`), a campaign (`campaign:…`) or who answered one (`user:…`, `contact:…`), Locksmith itself (`system`), or someone at its command line (`host`) */
            actor: string;
            operationId: string | null;
            campaignId: string | null;
        };
        /** @description What was asked of a user, answered and done */
        ParticipantReport: {
            userId: string;
            displayName: string;
            /** @description As Nextcloud had it when the round was planned */
            address: string | null;
            backend: string;
            /** @description Before the round */
            lastLogin: string | null;
            /** @enum {unknown} */
            state: "out" | "waiting" | "asked" | "confirmed" | "vouched" | "excluded" | "left" | "bounced" | "undelivered" | "silent" | "acting" | "acted" | "spared" | "failed";
            outBecause: ("no-mail-address" | "shared-address" | "disabled" | "protected" | "directory-user" | "confirmed-recently") | null;
            askedAt: string | null;
            /** @description Who could vouch */
            contact: string | null;
            mails: {
                /** @description 0: the invitation, 1: the first reminder … */
                number: number;
                /** @description As it was sent to */
                address: string;
                /** Format: date-time */
                at: string;
                /**
                 * @description `accepted`: the mail server took it, which is not that it was read
                 * @enum {unknown}
                 */
                state: "begun" | "accepted" | "refused" | "not-sent" | "unknown";
                /** @description Of the mail server */
                response: string | null;
                bounce: {
                    /** @enum {unknown} */
                    kind: "soft" | "hard";
                    /** Format: date-time */
                    at: string;
                    said: string | null;
                } | null;
            }[];
            answer: {
                /** @enum {unknown} */
                answer: "confirmed" | "vouched" | "excluded" | "left";
                at: string | null;
                /** @description `self`, the address of a contact, or who called */
                by: string;
                /** @enum {unknown} */
                role: "self" | "contact" | "administrator";
                reason: string | null;
            } | null;
            because: ("silent" | "bounced" | "undelivered" | "left" | "reset") | null;
            action: {
                /** Format: uuid */
                operationId: string;
                /** @description `false`: the operation was deleted before its result was written down */
                kept: boolean;
                kind: ("reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete") | null;
                state: ("queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled") | null;
                requestedBy: string | null;
                createdAt: string | null;
                finishedAt: string | null;
                /** @description As of the operation */
                outcome: {
                    [key: string]: unknown;
                } | null;
                /** @description In words */
                done: string[];
                /** @description What was read back, in words */
                verified: string[];
                approval: {
                    /** Format: uuid */
                    id: string;
                    /** @enum {unknown} */
                    state: "pending" | "approved" | "rejected" | "expired";
                    decidedBy: string | null;
                    decidedAt: string | null;
                    reason: string | null;
                    /** @description SHA-256 of the list and the action, as decided */
                    hash: string | null;
                    brakes: string[];
                } | null;
                problem: ({
                    code: string;
                } & {
                    [key: string]: unknown;
                }) | null;
            } | null;
            problem: ({
                code: string;
            } & {
                [key: string]: unknown;
            }) | null;
            endedAt: string | null;
        };
        /** @description The report of a round */
        CampaignReport: {
            campaign: {
                /** Format: uuid */
                id: string;
                name: string;
                definition: {
                    [key: string]: unknown;
                };
                requestedBy: string;
                /** @description Who answers for the key that asked */
                owner: string;
            };
            round: {
                number: number;
                /** Format: date-time */
                beganAt: string;
                openedAt: string | null;
                closedAt: string | null;
                endedAt: string | null;
                /** @description By how much everybody’s time was extended */
                extraSeconds: number;
                /** @description Users of Nextcloud */
                listed: number | null;
                /** @description Of them in the audience */
                matched: number | null;
                /** @description A person said that a list which had shrunk is right */
                anyway: boolean;
                /** @description Why a second person was asked */
                brakes: string[];
            };
            /** @description Nothing in it changes any more */
            final: boolean;
            /**
             * Format: date-time
             * @description `endedAt` of a round that is over, else now
             */
            asOf: string;
            evidenceFor: {
                standard: string;
                control: string;
                title: string;
            }[];
            counts: {
                participants: number;
                out: {
                    total: number;
                    because: {
                        [key: string]: number;
                    };
                };
                inRound: number;
                results: {
                    confirmed: number;
                    vouched: number;
                    excluded: number;
                    left: number;
                    silent: number;
                    bounced: number;
                    undelivered: number;
                    reset: number;
                    stopped: number;
                    open: number;
                };
                followed: {
                    acted: number;
                    spared: number;
                    failed: number;
                    acting: number;
                    pending: number;
                };
                mails: {
                    accepted: number;
                    refused: number;
                    unknown: number;
                    "not-sent": number;
                    begun: number;
                    bouncedSoft: number;
                    bouncedHard: number;
                };
            };
            /** @description How many had answered by when; 200 points at most */
            timeline: {
                /** Format: date-time */
                at: string;
                confirmed: number;
                vouched: number;
                left: number;
            }[];
            marks: {
                /** Format: date-time */
                at: string;
                confirmed: number;
                vouched: number;
                left: number;
                /** @enum {unknown} */
                kind: "opened" | "invited" | "reminded" | "closed" | "as-of";
                /** @description Which reminder */
                number?: number;
            }[];
            contacts: {
                address: string;
                mails: {
                    /** @description 0: the invitation, 1: the first reminder … */
                    number: number;
                    /** @description As it was sent to */
                    address: string;
                    /** Format: date-time */
                    at: string;
                    /**
                     * @description `accepted`: the mail server took it, which is not that it was read
                     * @enum {unknown}
                     */
                    state: "begun" | "accepted" | "refused" | "not-sent" | "unknown";
                    /** @description Of the mail server */
                    response: string | null;
                    bounce: {
                        /** @enum {unknown} */
                        kind: "soft" | "hard";
                        /** Format: date-time */
                        at: string;
                        said: string | null;
                    } | null;
                }[];
            }[];
            /** @description By id */
            participants: components["schemas"]["ParticipantReport"][];
        };
        /** @description An API key, without its secret */
        ApiKey: {
            /** @description The first part of the key, after `lsk_`. In the audit: `key:<id>` */
            id: string;
            name: string;
            scopes: ("users:read" | "users:reset" | "users:revoke" | "users:offboard" | "users:wipe" | "users:delete" | "campaigns:read" | "campaigns:write" | "audit:read" | "approvals:decide" | "keys:manage" | "webhooks:manage" | "signals:send" | "streams:manage" | "admin")[];
            /** @description The person or system that answers for it */
            owner: string;
            /** @description The owners of those who made it, and theirs: nobody of them is a second pair of eyes for it */
            vouchers: string[];
            /** @description `key:…`, `oidc:…`, or `host` for the command line */
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description null: it does not end by itself */
            expiresAt: string | null;
            /** @description A minute old at most. null: never */
            lastUsedAt: string | null;
            /** @description null: it was not revoked */
            revokedAt: string | null;
            /** @description null: it works from anywhere */
            allowedCidrs: string[] | null;
            /** @description null: it is for all users */
            allowedGroups: string[] | null;
            requireIdempotencyKey: boolean;
            /** @description The key that took its place */
            rotatedTo: string | null;
        };
        /** @description An API key that was just made */
        NewApiKey: {
            /** @description The first part of the key, after `lsk_`. In the audit: `key:<id>` */
            id: string;
            name: string;
            scopes: ("users:read" | "users:reset" | "users:revoke" | "users:offboard" | "users:wipe" | "users:delete" | "campaigns:read" | "campaigns:write" | "audit:read" | "approvals:decide" | "keys:manage" | "webhooks:manage" | "signals:send" | "streams:manage" | "admin")[];
            /** @description The person or system that answers for it */
            owner: string;
            /** @description The owners of those who made it, and theirs: nobody of them is a second pair of eyes for it */
            vouchers: string[];
            /** @description `key:…`, `oidc:…`, or `host` for the command line */
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description null: it does not end by itself */
            expiresAt: string | null;
            /** @description A minute old at most. null: never */
            lastUsedAt: string | null;
            /** @description null: it was not revoked */
            revokedAt: string | null;
            /** @description null: it works from anywhere */
            allowedCidrs: string[] | null;
            /** @description null: it is for all users */
            allowedGroups: string[] | null;
            requireIdempotencyKey: boolean;
            /** @description The key that took its place */
            rotatedTo: string | null;
            /** @description The key itself, shown this once. Not there where the same request with the same `Idempotency-Key` is answered again: then rotate it */
            key?: string;
        };
        /** @description A user (RFC 7643, 4.1), as Nextcloud has it */
        ScimUser: {
            /** @description What the rest can be read by */
            schemas: string[];
            /** @description The user's id in Nextcloud */
            id: string;
            /** @description The client's own identifier: each owner of keys has its own */
            externalId?: string;
            /** @description The same as `id` */
            userName?: string;
            displayName?: string;
            name?: {
                formatted?: string;
            } & {
                [key: string]: unknown;
            };
            /** @description What was decided counts before it is done: false from the moment at which an off-boarding is recorded, true from that of a reinstatement. What waits for an approval does not count; else it is as Nextcloud has it */
            active?: boolean;
            /** @description Where Nextcloud mails to */
            emails?: ({
                value: string;
            } & {
                [key: string]: unknown;
            })[];
            preferredLanguage?: string;
            groups?: ({
                value: string;
            } & {
                [key: string]: unknown;
            })[];
            meta?: {
                resourceType: string;
                /** @description A path where PUBLIC_URL is not set */
                location: string;
            } & {
                [key: string]: unknown;
            };
            /** @description What works on the user, or waits to, of the same owner's */
            "urn:locksmith:params:scim:schemas:extension:1.0:Operation"?: {
                /** @description Path of the operation */
                operation: string;
                kind: string;
                state: string;
                /** @description Path of the approval that it waits for */
                approval?: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description A group of Nextcloud (RFC 7643, 4.2) */
        ScimGroup: {
            /** @description What the rest can be read by */
            schemas: string[];
            /** @description The group's id in Nextcloud */
            id: string;
            /** @description The same as `id` */
            displayName?: string;
            members?: ({
                value: string;
            } & {
                [key: string]: unknown;
            })[];
            meta?: {
                resourceType: string;
                /** @description A path where PUBLIC_URL is not set */
                location: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description An error (RFC 7644, 3.12) */
        ScimError: {
            /** @description What the rest can be read by */
            schemas: string[];
            /** @description The HTTP status, as text */
            status: string;
            scimType?: string;
            /** @description What happened, what was and was not done, what to do next */
            detail: string;
            /** @description The problem, as all other routes tell it */
            "urn:locksmith:params:scim:api:messages:1.0:Problem"?: {
                code: string;
                /** @description Path of a page about it */
                type: string;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description A token that is not taken (RFC 8935, 2.3) */
        SetError: {
            /**
             * @description What is wrong with the token
             * @enum {unknown}
             */
            err: "invalid_request" | "invalid_key" | "invalid_issuer" | "invalid_audience" | "authentication_failed";
            description: string;
        };
        /** @description Who is told of what happens, without its secret */
        Webhook: {
            /** Format: uuid */
            id: string;
            url: string;
            description: string;
            /** @description null: everything */
            events: string[] | null;
            /** @description `key:…` or `oidc:…` */
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Until then the secret before signs as well. null: there is one alone */
            formerSecretUntil: string | null;
            /** @description Nothing could be delivered since. null: the last try was good */
            failingSince: string | null;
            /** @description null: it is told of what happens */
            disabled: {
                /** Format: date-time */
                since: string;
                /**
                 * @description `gone`: it answered 410; `failing`: nothing could be delivered for five days; `by-hand`: somebody wished so
                 * @enum {unknown}
                 */
                because: "by-hand" | "gone" | "failing";
            } | null;
        };
        /** @description A webhook with a secret that was just made */
        NewWebhook: {
            /** Format: uuid */
            id: string;
            url: string;
            description: string;
            /** @description null: everything */
            events: string[] | null;
            /** @description `key:…` or `oidc:…` */
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Until then the secret before signs as well. null: there is one alone */
            formerSecretUntil: string | null;
            /** @description Nothing could be delivered since. null: the last try was good */
            failingSince: string | null;
            /** @description null: it is told of what happens */
            disabled: {
                /** Format: date-time */
                since: string;
                /**
                 * @description `gone`: it answered 410; `failing`: nothing could be delivered for five days; `by-hand`: somebody wished so
                 * @enum {unknown}
                 */
                because: "by-hand" | "gone" | "failing";
            } | null;
            /** @description By which the receiver verifies, shown this once. Not there where the same request with the same `Idempotency-Key` is answered again: then rotate it */
            secret?: string;
        };
        /** @description One event, and one endpoint that is told of it */
        WebhookDelivery: {
            /**
             * Format: uuid
             * @description `webhook-id`: the same at every try and every endpoint
             */
            id: string;
            /** @enum {unknown} */
            type: "operation.awaiting-approval" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "operation.cancelled" | "approval.requested" | "approval.approved" | "approval.rejected" | "approval.expired" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "service.stopped" | "service.resumed" | "webhook.test";
            /**
             * Format: date-time
             * @description When it happened
             */
            timestamp: string;
            /** @description As it is sent */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description `failed`: no try follows by itself; it can be replayed
             * @enum {unknown}
             */
            state: "pending" | "delivered" | "failed";
            /** @description Tries since it was recorded, or replayed */
            attempts: number;
            /** @description When it is tried next. null: not by itself */
            nextAt: string | null;
            /** @description The last try */
            triedAt: string | null;
            /** @description What the last try came to: the HTTP status, or `timed-out`, `not-reached`, `broken-off`, `tls-refused`, `name-not-resolved`, `address-not-allowed`, `http-not-allowed` */
            result: string | null;
            /** @description null: it is still to be delivered */
            endedAt: string | null;
        };
        /** @description Configuration of a stream (SSF 1.0, 8.1.1), without the Authorization header */
        Stream: {
            stream_id: string;
            /** @description `iss` of each SET */
            iss: string;
            /** @description `aud` of each SET */
            aud: string | string[];
            delivery: {
                method: string;
                endpoint_url: string;
            };
            events_supported: string[];
            events_requested?: string[];
            /** @description What is sent over this stream */
            events_delivered: string[];
            /** @description Seconds */
            min_verification_interval: number;
            description?: string;
        };
        /** @description Whether anything is sent over a stream (SSF 1.0, 8.1.2) */
        StreamStatus: {
            stream_id: string;
            /**
             * @description `paused`: what happens is kept, and sent once it is enabled. `disabled`: what happens is not kept, nor what was still to be sent
             * @enum {unknown}
             */
            status: "enabled" | "paused" | "disabled";
            /** @description Why. Where nobody said: what keeps it from being delivered, if anything does */
            reason?: string;
        };
        /** @description Whether work would go on right now */
        Readiness: {
            ready: boolean;
            checks: {
                database: {
                    ok: boolean;
                    /** @description What is wrong, or what was found */
                    detail: string;
                };
                nextcloud: {
                    ok: boolean;
                    /** @description What is wrong, or what was found */
                    detail: string;
                };
                jobs: {
                    ok: boolean;
                    /** @description What is wrong, or what was found */
                    detail: string;
                };
            };
        };
        /** @description What one check came to */
        Finding: {
            /** @description Stable: `admin-account`, `allow-list` … */
            name: string;
            /** @description Which one, where a check is made of several: an account, a driver */
            about?: string;
            /**
             * @description `unknown`: could not be asked; `skipped`: not asked, since it is not set or something else is down
             * @enum {unknown}
             */
            state: "ok" | "warning" | "error" | "unknown" | "skipped";
            found: string;
            /** @description What follows from it for resets */
            means?: string;
            /** @description The exact command or setting */
            mend?: string;
        };
        /** @description What is right and what is wrong, and what mends it */
        DoctorReport: {
            /**
             * @description The worst of all findings; what is `unknown` counts as a warning
             * @enum {unknown}
             */
            state: "ok" | "warning" | "error";
            /** Format: date-time */
            checkedAt: string;
            /** @description The version of Locksmith */
            locksmith: string;
            /** @description Its version; null: it did not say */
            nextcloud: string | null;
            findings: components["schemas"]["Finding"][];
        };
    };
    responses: {
        /** @description The request is not valid (`invalid-request`) */
        "invalid-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No valid API key or access token (`unauthorized`) */
        unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`) */
        forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nextcloud has no such group (`unknown-group`) */
        "unknown-group": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests with this API key (`rate-limited`). Too many refused credentials from this address (`too-many-failed-logins`) */
        "too-many-requests": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The headers are too large (`headers-too-large`) */
        "headers-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Locksmith failed (`internal-error`) */
        "internal-error": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nextcloud answered what no Nextcloud answers (`nextcloud-unexpected-answer`). The account of Locksmith may not do this (`nextcloud-not-allowed`). Nextcloud does not trust the host name used (`nextcloud-untrusted-host`) */
        "bad-gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
        "unavailable-or-nextcloud": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This cannot be a user id (`invalid-user-id`) */
        "invalid-user-id": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nextcloud has no such user (`unknown-user`) */
        "unknown-user": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Tokens cannot be listed without a log-in (`tokens-not-listable`) */
        "tokens-not-listable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This cannot be a user id (`invalid-user-id`). This API key needs an Idempotency-Key (`idempotency-key-missing`). This cannot be an Idempotency-Key (`idempotency-key-invalid`) */
        "bad-request-or-key-or-user-id": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`). This user is protected from Locksmith (`protected-user`) */
        "forbidden-or-protected": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large (`body-too-large`) */
        "body-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body must be JSON (`unsupported-media-type`) */
        "unsupported-media-type": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`). The user has no mail address (`no-mail-address`). The password of this user is kept elsewhere (`cannot-set-password`). The user has a second factor (`two-factor-user`). A second factor is enforced for the user (`two-factor-enforced`). Locksmith has no mail server (`smtp-not-configured`). The files of this user are encrypted with the password (`encryption-per-user-keys`) */
        "cannot-be-reset": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`). It is not known who is protected (`protected-users-unresolved`). The way to revoke does not work at present (`revocation-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
        "unavailable-or-halted-or-revocation": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`). It is not known who is protected (`protected-users-unresolved`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
        "unavailable-or-halted": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`) */
        unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such operation (`unknown-operation`) */
        "unknown-operation": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This API key needs an Idempotency-Key (`idempotency-key-missing`). This cannot be an Idempotency-Key (`idempotency-key-invalid`) */
        "bad-request-or-key": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`) */
        "idempotency-key-reused": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such approval (`unknown-approval`) */
        "unknown-approval": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`) */
        "bad-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This approval is decided (`approval-over`) */
        "approval-over": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`) */
        "idempotency-key-in-flight": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such campaign (`unknown-campaign`) */
        "unknown-campaign": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The campaign is in another state (`campaign-state`) */
        "campaign-state": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This participant cannot be answered for now (`participant-state`) */
        "participant-state": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The audit log is not sealed that far (`not-sealed-yet`) */
        "not-sealed-yet": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such audit event (`unknown-event`) */
        "unknown-event": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The round goes on (`report-not-final`) */
        "report-not-final": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such API key (`unknown-key`) */
        "unknown-key": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such webhook (`unknown-webhook`) */
        "unknown-webhook": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing is here (`not-found`) */
        "not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such stream (`unknown-stream`) */
        "unknown-stream": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`) */
        "ssf-not-configured": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is not valid (`invalid-request`) */
        "scim-invalid-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description No valid API key or access token (`unauthorized`) */
        "scim-unauthorized": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`) */
        "scim-forbidden": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Too many requests with this API key (`rate-limited`). Too many refused credentials from this address (`too-many-failed-logins`) */
        "scim-too-many-requests": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Locksmith failed (`internal-error`) */
        "scim-internal-error": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`) */
        "scim-unavailable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Nothing is here (`not-found`) */
        "scim-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Nextcloud answered what no Nextcloud answers (`nextcloud-unexpected-answer`). The account of Locksmith may not do this (`nextcloud-not-allowed`). Nextcloud does not trust the host name used (`nextcloud-untrusted-host`) */
        "scim-bad-gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
        "scim-unavailable-or-nextcloud": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This API key needs an Idempotency-Key (`idempotency-key-missing`). This cannot be an Idempotency-Key (`idempotency-key-invalid`) */
        "scim-bad-request-or-key": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`). This user is protected from Locksmith (`protected-user`) */
        "scim-forbidden-or-protected": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The body is too large (`body-too-large`) */
        "scim-body-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The body must be JSON (`unsupported-media-type`) */
        "scim-unsupported-media-type": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`). The user has no mail address (`no-mail-address`). The password of this user is kept elsewhere (`cannot-set-password`). The user has a second factor (`two-factor-user`). A second factor is enforced for the user (`two-factor-enforced`). Locksmith has no mail server (`smtp-not-configured`). The files of this user are encrypted with the password (`encryption-per-user-keys`) */
        "scim-cannot-be-reset": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`). It is not known who is protected (`protected-users-unresolved`). The way to revoke does not work at present (`revocation-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
        "scim-unavailable-or-halted-or-revocation": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Nextcloud has no such group (`unknown-group`) */
        "scim-unknown-group": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/scim+json": components["schemas"]["ScimError"];
            };
        };
        /** @description Another operation works on this user (`operation-already-running`) */
        "operation-already-running": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listUsers: {
        parameters: {
            query?: {
                /** @description Part of id, name or address, as Nextcloud searches */
                search?: string;
                /** @description Members of this group only */
                group?: string;
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-group"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user as Nextcloud has it now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDetail"];
                };
            };
            400: components["responses"]["invalid-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-user"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    getUserAccess: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description As Nextcloud writes it */
                        id: string;
                        enabled: boolean;
                        /** @description Where Nextcloud has the user from: `Database`, `LDAP` … */
                        backend: string;
                        /** @description False for directory users */
                        canSetPassword: boolean;
                        twoFactor: {
                            /** @description Second factors that the user has set up */
                            providers: string[];
                            /** @description Whether Nextcloud asks for one in any case */
                            enforced: boolean;
                        };
                        /** @description A person's last login; log-ins of Locksmith are left out. null: never */
                        lastLogin: string | null;
                        /** @description Needs `OCC_COMMAND` or `NEXTCLOUD_DATABASE_URL`; else `unknown` */
                        tokens: {
                            /** @description Browser sessions */
                            sessions: number | "unknown";
                            /** @description App passwords */
                            appPasswords: number | "unknown";
                            /** @description Devices that have yet to erase */
                            wipePending: number | "unknown";
                        };
                        /** @description 1: a link to a new password is pending */
                        resetLink: number | "unknown";
                        /** @description How sessions and app passwords would be revoked, if the password may be replaced */
                        revocation: {
                            driver: ("session" | "occ" | "sql" | "wipe") | null;
                            /** @description Why this one, or what is in the way */
                            because: string;
                        };
                        /** @description What works on the user, or will: a deletion that was put off */
                        operations: {
                            /** @description Path of the operation */
                            operation: string;
                            /** @enum {unknown} */
                            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete";
                            /** @enum {unknown} */
                            state: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
                            resumeAt: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["invalid-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-user"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Token"][];
                        /** @enum {unknown} */
                        listedBy: "occ" | "sql";
                    };
                };
            };
            400: components["responses"]["invalid-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-user"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            501: components["responses"]["tokens-not-listable"];
            502: components["responses"]["bad-gateway"];
            /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`). The way to revoke does not work at present (`revocation-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeTokens: {
        parameters: {
            query?: {
                /** @description Only these. Left out: both */
                kind?: "session" | "app-password";
                /** @description Only what was last used before */
                lastUsedBefore?: string;
                /**
                 * @description Why; kept in the audit
                 * @example phone lost
                 */
                reason?: string;
                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                replacePassword?: boolean;
                /** @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody */
                mail?: "nextcloud" | "smtp" | "none";
                /** @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL) */
                twoFactor?: "keep" | "remove";
                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                acceptDataLoss?: boolean;
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). The user is disabled (`user-disabled`). Password reset is switched off in Nextcloud (`password-reset-off`). Revoking needs the password replaced (`needs-password-replacement`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["cannot-be-reset"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    revokeToken: {
        parameters: {
            query?: {
                /**
                 * @description Why; kept in the audit
                 * @example phone lost
                 */
                reason?: string;
                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                replacePassword?: boolean;
                /** @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody */
                mail?: "nextcloud" | "smtp" | "none";
                /** @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL) */
                twoFactor?: "keep" | "remove";
                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                acceptDataLoss?: boolean;
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
                /** @description `id` of `GET /users/{userId}/tokens` */
                tokenId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            /** @description Nextcloud has no such user (`unknown-user`). The user has no such token (`unknown-token`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). The user is disabled (`user-disabled`). Password reset is switched off in Nextcloud (`password-reset-off`). Revoking needs the password replaced (`needs-password-replacement`). A device has yet to learn by this token that it must erase (`token-to-be-wiped`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["cannot-be-reset"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    resetUser: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "phone lost"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                    /**
                     * @description What ends: every session and app password, browser sessions only, or nothing
                     * @default all
                     * @enum {unknown}
                     */
                    revoke?: "all" | "sessions" | "none";
                    /**
                     * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                     * @default nextcloud
                     * @enum {unknown}
                     */
                    mail?: "nextcloud" | "smtp" | "none";
                    /**
                     * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                     * @enum {unknown}
                     */
                    twoFactor?: "keep" | "remove";
                    /**
                     * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                     * @enum {unknown}
                     */
                    passkeys?: "keep" | "delete";
                    /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                    acceptDataLoss?: boolean;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). The user is disabled (`user-disabled`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["cannot-be-reset"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    sendResetMail: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "asked by phone"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). The user is disabled (`user-disabled`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`). The user has no mail address (`no-mail-address`). The password of this user is kept elsewhere (`cannot-set-password`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    disableUser: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "on leave"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    enableUser: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "back from leave"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                    /**
                     * @description `all`: nothing from before comes back. `none`: sessions and app passwords work again, as Nextcloud itself would have it
                     * @default all
                     * @enum {unknown}
                     */
                    revoke?: "all" | "none";
                    /**
                     * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                     * @default nextcloud
                     * @enum {unknown}
                     */
                    mail?: "nextcloud" | "smtp" | "none";
                    /**
                     * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                     * @enum {unknown}
                     */
                    twoFactor?: "keep" | "remove";
                    /**
                     * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                     * @enum {unknown}
                     */
                    passkeys?: "keep" | "delete";
                    /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                    acceptDataLoss?: boolean;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["cannot-be-reset"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    wipeDevices: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "laptop stolen"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    offboardUser: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "left the company"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                    /**
                     * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                     * @enum {unknown}
                     */
                    twoFactor?: "keep" | "remove";
                    /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                    wipe?: boolean;
                    /**
                     * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                     * @enum {unknown}
                     */
                    passkeys?: "keep" | "delete";
                    /**
                     * @description Public links, and shares with other servers
                     * @enum {unknown}
                     */
                    shares?: "keep" | "delete";
                    /** @description Groups to be taken out of: `"all"`, or those that are named */
                    groups?: "all" | string[];
                    /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                    manager?: string;
                    /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                    deleteAfter?: string;
                    /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                    acceptDataLoss?: boolean;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`). Locksmith has no mail server (`smtp-not-configured`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    reinstateUser: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "rehired"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                    /** @description Back into the groups that the last off-boarding took */
                    restoreGroups?: boolean;
                    /**
                     * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                     * @default nextcloud
                     * @enum {unknown}
                     */
                    mail?: "nextcloud" | "smtp" | "none";
                    /**
                     * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                     * @enum {unknown}
                     */
                    twoFactor?: "keep" | "remove";
                    /**
                     * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                     * @enum {unknown}
                     */
                    passkeys?: "keep" | "delete";
                    /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                    acceptDataLoss?: boolean;
                };
            };
        };
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["cannot-be-reset"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId?: string;
                /** @description How they stand */
                state?: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
                /** @description What they do */
                kind?: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete";
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of operations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Operation"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
            };
            path: {
                /** @description `id` of the operation, with which `Location` ends */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-operation"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    retryOperation: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the operation, with which `Location` ends */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            /** @description No such operation (`unknown-operation`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). This operation cannot be retried (`operation-not-retryable`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This is the account of Locksmith itself (`own-account`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests with this API key (`rate-limited`). Too many refused credentials from this address (`too-many-failed-logins`). A brake is reached (`brake-reached`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    cancelOperation: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the operation, with which `Location` ends */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true` */
            200: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"] | components["schemas"]["Operation"];
                };
            };
            /** @description Recorded: it goes on by itself, also through a restart */
            202: {
                headers: {
                    /** @description Where to look: `/operations/{id}` */
                    location?: string;
                    /** @description `wait=N`, where `Prefer` asked for it */
                    "preference-applied"?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-operation"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). This operation is over (`operation-not-cancellable`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description What was decided */
                state?: "pending" | "approved" | "rejected" | "expired";
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of approvals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {unknown} */
                            state: "pending" | "approved" | "rejected" | "expired";
                            /** @description What is to be done to everyone on the list */
                            action: {
                                /** @enum {unknown} */
                                kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete" | "audit-prune";
                                /**
                                 * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                                 * @enum {unknown}
                                 */
                                mail?: "nextcloud" | "smtp" | "none";
                                /**
                                 * @description What ends: every session and app password, browser sessions only, or nothing
                                 * @enum {unknown}
                                 */
                                revoke?: "all" | "sessions" | "none";
                                /** @description What else was asked for */
                                options?: {
                                    /**
                                     * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                                     * @enum {unknown}
                                     */
                                    twoFactor?: "keep" | "remove";
                                    /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                                    acceptDataLoss?: boolean;
                                    /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                                    replacePassword?: boolean;
                                    /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                                    wipe?: boolean;
                                    /**
                                     * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                                     * @enum {unknown}
                                     */
                                    passkeys?: "keep" | "delete";
                                    /**
                                     * @description Public links, and shares with other servers
                                     * @enum {unknown}
                                     */
                                    shares?: "keep" | "delete";
                                    /** @description Groups that the user is taken out of, or comes back to */
                                    groups?: "all" | string[];
                                    /** @description Back into the groups that the last off-boarding took */
                                    restoreGroups?: boolean;
                                    /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                                    manager?: string;
                                    /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                                    deleteAfter?: string;
                                    /** @description The campaign that it follows from, and why */
                                    campaign?: {
                                        /** Format: uuid */
                                        id: string;
                                        round: number;
                                        /** @enum {unknown} */
                                        because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                                    };
                                    /** @description Which tokens were to go */
                                    only?: {
                                        /** @enum {unknown} */
                                        kind?: "session" | "app-password";
                                        /** Format: date-time */
                                        lastUsedBefore?: string;
                                        tokenId?: number;
                                    };
                                };
                                /** @description Of `audit-prune`, which has no list: the events of the audit log that are to be deleted */
                                pruning?: {
                                    /** Format: date-time */
                                    before: string;
                                    /** @description So many leaves of the audit log are gone then */
                                    size: number;
                                    /** @description How many of them are there now */
                                    events: number;
                                };
                            };
                            /** @description Which ones are reached */
                            brakes: ("lock-out" | "wipe" | "deletion" | "minimum-response" | "mail-bounced" | "mail-undelivered")[];
                            requestedBy: string;
                            /** @description Who answers for the key that asked: somebody else has to approve */
                            owner: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** @description The list is still being written, by a campaign: it can be decided once it is whole */
                            gathering: boolean;
                            /**
                             * Format: date-time
                             * @description Then nothing is done
                             */
                            expiresAt: string;
                            decidedAt: string | null;
                            decidedBy: string | null;
                            /** @description Of the decision */
                            reason: string | null;
                            /** @description How many users */
                            targets: number;
                        }[];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the approval */
                approvalId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The action, the list, and the hash of both */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        state: "pending" | "approved" | "rejected" | "expired";
                        /** @description What is to be done to everyone on the list */
                        action: {
                            /** @enum {unknown} */
                            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete" | "audit-prune";
                            /**
                             * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                             * @enum {unknown}
                             */
                            mail?: "nextcloud" | "smtp" | "none";
                            /**
                             * @description What ends: every session and app password, browser sessions only, or nothing
                             * @enum {unknown}
                             */
                            revoke?: "all" | "sessions" | "none";
                            /** @description What else was asked for */
                            options?: {
                                /**
                                 * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                                 * @enum {unknown}
                                 */
                                twoFactor?: "keep" | "remove";
                                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                                acceptDataLoss?: boolean;
                                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                                replacePassword?: boolean;
                                /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                                wipe?: boolean;
                                /**
                                 * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                                 * @enum {unknown}
                                 */
                                passkeys?: "keep" | "delete";
                                /**
                                 * @description Public links, and shares with other servers
                                 * @enum {unknown}
                                 */
                                shares?: "keep" | "delete";
                                /** @description Groups that the user is taken out of, or comes back to */
                                groups?: "all" | string[];
                                /** @description Back into the groups that the last off-boarding took */
                                restoreGroups?: boolean;
                                /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                                manager?: string;
                                /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                                deleteAfter?: string;
                                /** @description The campaign that it follows from, and why */
                                campaign?: {
                                    /** Format: uuid */
                                    id: string;
                                    round: number;
                                    /** @enum {unknown} */
                                    because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                                };
                                /** @description Which tokens were to go */
                                only?: {
                                    /** @enum {unknown} */
                                    kind?: "session" | "app-password";
                                    /** Format: date-time */
                                    lastUsedBefore?: string;
                                    tokenId?: number;
                                };
                            };
                            /** @description Of `audit-prune`, which has no list: the events of the audit log that are to be deleted */
                            pruning?: {
                                /** Format: date-time */
                                before: string;
                                /** @description So many leaves of the audit log are gone then */
                                size: number;
                                /** @description How many of them are there now */
                                events: number;
                            };
                        };
                        /** @description Which ones are reached */
                        brakes: ("lock-out" | "wipe" | "deletion" | "minimum-response" | "mail-bounced" | "mail-undelivered")[];
                        requestedBy: string;
                        /** @description Who answers for the key that asked: somebody else has to approve */
                        owner: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The list is still being written, by a campaign: it can be decided once it is whole */
                        gathering: boolean;
                        /**
                         * Format: date-time
                         * @description Then nothing is done
                         */
                        expiresAt: string;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        /** @description Of the decision */
                        reason: string | null;
                        /** @description SHA-256 over the action and the exact list: what you approve */
                        hash: string;
                        targets: {
                            userId: string;
                            /** @description Path of the operation */
                            operation: string;
                            /** @enum {unknown} */
                            state: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
                            reason: string | null;
                        }[];
                        /**
                         * @description Nothing was decided: so it would be
                         * @enum {boolean}
                         */
                        dryRun?: true;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-approval"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    approve: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description `id` of the approval */
                approvalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hash": "5f0cde6ad1f5d16a8a2c6b8a8a1a5e7bb1c6ce0e3f9f1b6ad7d6cf0a6c1f2e3d",
                 *       "reason": "agreed with the customer"
                 *     }
                 */
                "application/json": {
                    /** @description `hash` of `GET /approvals/{approvalId}` */
                    hash: string;
                    /** @description Why; kept in the audit */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Decided: the operations go on, a few at a time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        state: "pending" | "approved" | "rejected" | "expired";
                        /** @description What is to be done to everyone on the list */
                        action: {
                            /** @enum {unknown} */
                            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete" | "audit-prune";
                            /**
                             * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                             * @enum {unknown}
                             */
                            mail?: "nextcloud" | "smtp" | "none";
                            /**
                             * @description What ends: every session and app password, browser sessions only, or nothing
                             * @enum {unknown}
                             */
                            revoke?: "all" | "sessions" | "none";
                            /** @description What else was asked for */
                            options?: {
                                /**
                                 * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                                 * @enum {unknown}
                                 */
                                twoFactor?: "keep" | "remove";
                                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                                acceptDataLoss?: boolean;
                                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                                replacePassword?: boolean;
                                /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                                wipe?: boolean;
                                /**
                                 * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                                 * @enum {unknown}
                                 */
                                passkeys?: "keep" | "delete";
                                /**
                                 * @description Public links, and shares with other servers
                                 * @enum {unknown}
                                 */
                                shares?: "keep" | "delete";
                                /** @description Groups that the user is taken out of, or comes back to */
                                groups?: "all" | string[];
                                /** @description Back into the groups that the last off-boarding took */
                                restoreGroups?: boolean;
                                /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                                manager?: string;
                                /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                                deleteAfter?: string;
                                /** @description The campaign that it follows from, and why */
                                campaign?: {
                                    /** Format: uuid */
                                    id: string;
                                    round: number;
                                    /** @enum {unknown} */
                                    because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                                };
                                /** @description Which tokens were to go */
                                only?: {
                                    /** @enum {unknown} */
                                    kind?: "session" | "app-password";
                                    /** Format: date-time */
                                    lastUsedBefore?: string;
                                    tokenId?: number;
                                };
                            };
                            /** @description Of `audit-prune`, which has no list: the events of the audit log that are to be deleted */
                            pruning?: {
                                /** Format: date-time */
                                before: string;
                                /** @description So many leaves of the audit log are gone then */
                                size: number;
                                /** @description How many of them are there now */
                                events: number;
                            };
                        };
                        /** @description Which ones are reached */
                        brakes: ("lock-out" | "wipe" | "deletion" | "minimum-response" | "mail-bounced" | "mail-undelivered")[];
                        requestedBy: string;
                        /** @description Who answers for the key that asked: somebody else has to approve */
                        owner: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The list is still being written, by a campaign: it can be decided once it is whole */
                        gathering: boolean;
                        /**
                         * Format: date-time
                         * @description Then nothing is done
                         */
                        expiresAt: string;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        /** @description Of the decision */
                        reason: string | null;
                        /** @description SHA-256 over the action and the exact list: what you approve */
                        hash: string;
                        targets: {
                            userId: string;
                            /** @description Path of the operation */
                            operation: string;
                            /** @enum {unknown} */
                            state: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
                            reason: string | null;
                        }[];
                        /**
                         * @description Nothing was decided: so it would be
                         * @enum {boolean}
                         */
                        dryRun?: true;
                    };
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`). Somebody else has to approve it (`approval-not-allowed`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["unknown-approval"];
            /** @description This approval is decided (`approval-over`). The list has changed (`approval-changed`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    reject: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description `id` of the approval */
                approvalId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "a wrong list"
                 *     }
                 */
                "application/json": {
                    /** @description Why; kept in the audit */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Decided: the operations are cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {unknown} */
                        state: "pending" | "approved" | "rejected" | "expired";
                        /** @description What is to be done to everyone on the list */
                        action: {
                            /** @enum {unknown} */
                            kind: "reset" | "reset-mail" | "revoke" | "disable" | "enable" | "wipe" | "offboard" | "reinstate" | "delete" | "audit-prune";
                            /**
                             * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                             * @enum {unknown}
                             */
                            mail?: "nextcloud" | "smtp" | "none";
                            /**
                             * @description What ends: every session and app password, browser sessions only, or nothing
                             * @enum {unknown}
                             */
                            revoke?: "all" | "sessions" | "none";
                            /** @description What else was asked for */
                            options?: {
                                /**
                                 * @description `remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)
                                 * @enum {unknown}
                                 */
                                twoFactor?: "keep" | "remove";
                                /** @description Replace the password although the server encrypts files with each user's own: they may become unreadable */
                                acceptDataLoss?: boolean;
                                /** @description Where nothing else can revoke: replace the password for it, and have the reset mail sent */
                                replacePassword?: boolean;
                                /** @description Tell all devices to erase what they have synchronised. Needs the scope `users:wipe` */
                                wipe?: boolean;
                                /**
                                 * @description Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can
                                 * @enum {unknown}
                                 */
                                passkeys?: "keep" | "delete";
                                /**
                                 * @description Public links, and shares with other servers
                                 * @enum {unknown}
                                 */
                                shares?: "keep" | "delete";
                                /** @description Groups that the user is taken out of, or comes back to */
                                groups?: "all" | string[];
                                /** @description Back into the groups that the last off-boarding took */
                                restoreGroups?: boolean;
                                /** @description A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL */
                                manager?: string;
                                /** @description ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete` */
                                deleteAfter?: string;
                                /** @description The campaign that it follows from, and why */
                                campaign?: {
                                    /** Format: uuid */
                                    id: string;
                                    round: number;
                                    /** @enum {unknown} */
                                    because: "silent" | "bounced" | "undelivered" | "left" | "reset";
                                };
                                /** @description Which tokens were to go */
                                only?: {
                                    /** @enum {unknown} */
                                    kind?: "session" | "app-password";
                                    /** Format: date-time */
                                    lastUsedBefore?: string;
                                    tokenId?: number;
                                };
                            };
                            /** @description Of `audit-prune`, which has no list: the events of the audit log that are to be deleted */
                            pruning?: {
                                /** Format: date-time */
                                before: string;
                                /** @description So many leaves of the audit log are gone then */
                                size: number;
                                /** @description How many of them are there now */
                                events: number;
                            };
                        };
                        /** @description Which ones are reached */
                        brakes: ("lock-out" | "wipe" | "deletion" | "minimum-response" | "mail-bounced" | "mail-undelivered")[];
                        requestedBy: string;
                        /** @description Who answers for the key that asked: somebody else has to approve */
                        owner: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The list is still being written, by a campaign: it can be decided once it is whole */
                        gathering: boolean;
                        /**
                         * Format: date-time
                         * @description Then nothing is done
                         */
                        expiresAt: string;
                        decidedAt: string | null;
                        decidedBy: string | null;
                        /** @description Of the decision */
                        reason: string | null;
                        /** @description SHA-256 over the action and the exact list: what you approve */
                        hash: string;
                        targets: {
                            userId: string;
                            /** @description Path of the operation */
                            operation: string;
                            /** @enum {unknown} */
                            state: "queued" | "running" | "waiting" | "awaiting-approval" | "scheduled" | "succeeded" | "failed" | "needs-attention" | "cancelled";
                            reason: string | null;
                        }[];
                        /**
                         * @description Nothing was decided: so it would be
                         * @enum {boolean}
                         */
                        dryRun?: true;
                    };
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-approval"];
            409: components["responses"]["approval-over"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    undo: {
        parameters: {
            query: {
                /** @description What was done before stays */
                since: string;
                /** @description From `next` of the answer before */
                cursor?: string;
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "wrong list of leavers"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                    /**
                     * @description Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody
                     * @default nextcloud
                     * @enum {unknown}
                     */
                    mail?: "nextcloud" | "smtp" | "none";
                };
            };
        };
        responses: {
            /** @description There was nothing to begin; or what would be, with `dryRun=true` */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undone"];
                };
            };
            /** @description Begun: each goes on by itself */
            202: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undone"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCampaigns: {
        parameters: {
            query?: {
                /** @description How they stand */
                state?: "draft" | "scheduled" | "planning" | "open" | "closing" | "acting" | "paused" | "aborted" | "ended" | "cancelled";
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of campaigns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Campaign"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    createCampaign: {
        parameters: {
            query?: {
                /** @description `true`: says what would come of it, and changes nothing anywhere */
                dryRun?: boolean;
            };
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Customers, autumn",
                 *       "audience": {
                 *         "groups": [
                 *           "customers"
                 *         ]
                 *       },
                 *       "owner": "it@example.org",
                 *       "schedule": {
                 *         "every": "P3M",
                 *         "startsAt": "2027-01-11T09:00:00+01:00",
                 *         "timeZone": "Europe/Berlin"
                 *       },
                 *       "skipConfirmedWithin": "P2M"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description Whoever fits each member that is given; `{}` is everybody */
                    audience: {
                        /** @description Members of one of these groups of Nextcloud */
                        groups?: string[];
                        /** @description Whose mail address is at one of these domains; subdomains are others */
                        domains?: string[];
                        /** @description These ids */
                        users?: string[];
                        /** @description As Nextcloud names them: `Database`, `LDAP` … Without it users of directories are left out */
                        backends?: string[];
                        /**
                         * Format: date-time
                         * @description Whose own last login was before; log-ins of Locksmith do not count
                         */
                        lastLoginBefore?: string;
                        /**
                         * Format: date-time
                         * @description Whose own last login was later
                         */
                        lastLoginAfter?: string;
                        neverLoggedIn?: boolean;
                        /** @description Whoever fits one of these is not in it */
                        exclude?: {
                            /** @description Members of one of these groups of Nextcloud */
                            groups?: string[];
                            /** @description Whose mail address is at one of these domains; subdomains are others */
                            domains?: string[];
                            /** @description These ids */
                            users?: string[];
                        };
                    };
                    /**
                     * @description `confirm`: a mail with a link; whoever follows it and confirms is left alone. `reset`: everybody is reset, and has to log in everywhere anew
                     * @default confirm
                     * @enum {unknown}
                     */
                    mode?: "confirm" | "reset";
                    /** @description When rounds begin. None begins while another is open: a date that passes meanwhile is left out. Absent: once, when it is started */
                    schedule?: {
                        /**
                         * Format: date-time
                         * @description Once, at this time
                         */
                        at: string;
                    } | {
                        /** @description ISO 8601 duration. Such as `P3M`, by the calendar of the time zone */
                        every: string;
                        /**
                         * Format: date-time
                         * @description The first date, whose time of day stays
                         */
                        startsAt: string;
                        /** @description IANA name, such as `Europe/Berlin` */
                        timeZone: string;
                    } | {
                        /** @description Five fields */
                        cron: string;
                        /** @description IANA name, such as `Europe/Berlin` */
                        timeZone: string;
                    };
                    /**
                     * @description Reminders to whoever has not answered, each counted from the first mail, rising
                     * @default [
                     *       "P7D",
                     *       "P12D"
                     *     ]
                     */
                    remindAfter?: string[];
                    /**
                     * @description ISO 8601 duration. Time to answer, from the first mail
                     * @default P14D
                     */
                    closesAfter?: string;
                    /**
                     * @description What is done to whoever does not answer
                     * @default disable
                     * @enum {unknown}
                     */
                    onSilence?: "disable" | "reset" | "revoke" | "offboard" | "report-only";
                    /**
                     * @description What is done at once to whoever says that the access is not needed any more
                     * @default disable
                     * @enum {unknown}
                     */
                    onLeft?: "disable" | "reset" | "revoke" | "offboard" | "report-only";
                    /**
                     * @description What is done to those whose mail came back for good, when the round closes. `hold`: what `onSilence` says, once a second person approves
                     * @default hold
                     * @enum {unknown}
                     */
                    onBounce?: "hold" | "disable" | "reset" | "revoke" | "offboard" | "report-only";
                    /** @description The person who answers for the campaign: is told who left, what came back, and what to decide */
                    owner: string;
                    /**
                     * @description Percent: when fewer answer, a second person has to approve before anyone is locked out
                     * @default 50
                     */
                    minimumResponse?: number;
                    /** @description ISO 8601 duration. Whoever confirmed no longer ago than that in this campaign is not asked in its next round */
                    skipConfirmedWithin?: string;
                    pace?: {
                        /**
                         * @description First mails, or resets
                         * @default 1000
                         */
                        usersPerHour?: number;
                        /**
                         * @description Resets in 30 minutes at one mail domain: colleagues behind one address throttle each other at Nextcloud
                         * @default 6
                         */
                        resetsPerDomain?: number;
                    };
                    /** @description Persons at customers: each gets one mail, with the last reminder, saying who of their domain or group has not answered, and a page on which to vouch for them */
                    contacts?: ({
                        /** @description Who is told */
                        address: string;
                        domain: string;
                        /** @enum {unknown} */
                        language?: "de" | "en";
                    } | {
                        /** @description Who is told */
                        address: string;
                        group: string;
                        /** @enum {unknown} */
                        language?: "de" | "en";
                    })[];
                    /** @description In place of the built-in words, by the user's language in Nextcloud */
                    mails?: {
                        de?: {
                            subject?: string;
                            /** @description Replaces the introduction; what happens without an answer, the link and the footer stay. Paragraphs are parted by an empty line. `{name}`, `{userId}`, `{site}` and `{deadline}` are filled in */
                            text?: string;
                        };
                        en?: {
                            subject?: string;
                            /** @description Replaces the introduction; what happens without an answer, the link and the footer stay. Paragraphs are parted by an empty line. `{name}`, `{userId}`, `{site}` and `{deadline}` are filled in */
                            text?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description What it would come to, with `dryRun=true` */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPreview"];
                };
            };
            /** @description Recorded */
            201: {
                headers: {
                    /** @description Where to look: `/campaigns/{id}` */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-group"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). PUBLIC_URL is not set (`public-url-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). Locksmith has no mail server (`smtp-not-configured`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted"];
        };
    };
    getCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    previewCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The preview */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPreview"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description No such campaign (`unknown-campaign`). Nextcloud has no such group (`unknown-group`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            /** @description The identity provider does not answer (`identity-provider-unavailable`). The database of Locksmith does not answer (`database-unavailable`). It is not known who is protected (`protected-users-unresolved`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            409: components["responses"]["campaign-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            409: components["responses"]["campaign-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    resumeCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            409: components["responses"]["campaign-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    cancelCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            409: components["responses"]["campaign-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    extendCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "by": "P7D"
                 *     }
                 */
                "application/json": {
                    /** @description ISO 8601 duration. How much more */
                    by: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). The campaign is in another state (`campaign-state`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listParticipants: {
        parameters: {
            query?: {
                /** @description How they stand */
                state?: "out" | "waiting" | "asked" | "confirmed" | "vouched" | "excluded" | "left" | "bounced" | "undelivered" | "silent" | "acting" | "acted" | "spared" | "failed";
                /** @description Whose mail address is at this domain; subdomains are others */
                domain?: string;
                /** @description Default: the last */
                round?: number;
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of participants */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Participant"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    confirmParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "told us by phone"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This cannot be a user id (`invalid-user-id`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description Nobody of that id takes part (`unknown-participant`). No such campaign (`unknown-campaign`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["participant-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    vouchParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "told us by phone"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This cannot be a user id (`invalid-user-id`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description Nobody of that id takes part (`unknown-participant`). No such campaign (`unknown-campaign`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["participant-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    excludeParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "told us by phone"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Why; kept in the audit
                     * @example phone lost
                     */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description The body is not JSON (`malformed-json`). The request is not valid (`invalid-request`). This cannot be a user id (`invalid-user-id`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description Nobody of that id takes part (`unknown-participant`). No such campaign (`unknown-campaign`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["participant-state"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    watchCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream that goes on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getStop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    stop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "wrong list of leavers"
                 *     }
                 */
                "application/json": {
                    /** @description Why; kept in the audit, and told to whoever is refused */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description It is stopped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not stopped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId?: string;
                /** @description Who did it, as `actor` says: `key:4kT0bXr2LmQz` */
                actor?: string;
                /** @description What happened */
                action?: "operation.requested" | "operation.superseded" | "operation.held" | "operation.approved" | "operation.retried" | "operation.cancelled" | "operation.stop-requested" | "operation.taken-over" | "operation.user-let-in" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "step.intended" | "step.done" | "step.skipped" | "step.waiting" | "step.failed" | "step.unknown" | "step.undo-intended" | "step.undone" | "approval.approved" | "approval.rejected" | "approval.expired" | "key.created" | "key.revoked" | "key.rotated" | "key.address-refused" | "console.signed-in" | "console.signed-out" | "service.stopped" | "service.resumed" | "campaign.created" | "campaign.started" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.extended" | "campaign.time-given-back" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "participant.mailed" | "participant.bounced" | "participant.answered" | "participant.spared" | "nextcloud.credentials-refused" | "signal.ignored" | "webhook.created" | "webhook.changed" | "webhook.rotated" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "stream.created" | "stream.changed" | "stream.deleted" | "stream.disabled" | "audit.adopted" | "audit.key-changed" | "audit.pseudonymised" | "audit.pruned" | "audit.went-on-after-loss";
                /** @description How it went; `none`: of events that say nothing of that */
                outcome?: "success" | "failure" | "unknown" | "none";
                /** @description Of this operation only */
                operationId?: string;
                /** @description Of this campaign only, with the operations that followed from it */
                campaignId?: string;
                /** @description A part of the reason that was given, in whatever case */
                reason?: string;
                /** @description Not before this time */
                from?: string;
                /** @description Before this time */
                to?: string;
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of audit events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEvent"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    userHistory: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the story, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["HistoryEvent"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            /** @description The request is not valid (`invalid-request`). This cannot be a user id (`invalid-user-id`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-user"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-nextcloud"];
        };
    };
    auditCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name of the log, how many events it has, the root of their tree, and signatures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["not-sealed-yet"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    auditProof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `seq` of the event
                 * @example 1
                 */
                seq: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        seq: number;
                        /** @description Its leaf */
                        index: number;
                        /** @description How many leaves the tree has */
                        size: number;
                        /** @description Of the leaf */
                        hash: string;
                        /** @description From the leaf to the root */
                        path: string[];
                        /** @description Signed, of a tree of this size */
                        checkpoint: string;
                        /** @description What the leaf is the hash of */
                        entry: {
                            [key: string]: unknown;
                        };
                        /** @description null: what was personal in it was erased */
                        salt: string | null;
                        personal: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-event"];
            409: components["responses"]["not-sealed-yet"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    auditConsistency: {
        parameters: {
            query: {
                /** @description How many events the earlier one has */
                from: number;
                /** @description The later one; left out: as it is now */
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many leaves the earlier tree has */
                        from: number;
                        /** @description How many the later one */
                        to: number;
                        /** @description What shows that the later one begins with the earlier */
                        path: string[];
                        /** @description Of the earlier */
                        fromRoot: string;
                        /** @description Of the later */
                        toRoot: string;
                        /** @description Signed, of the earlier one, where it left the house */
                        fromCheckpoint: string | null;
                        /** @description Signed, of the later one */
                        checkpoint: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["not-sealed-yet"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                /** @description `ndjson` can be verified */
                format?: "ndjson" | "csv";
                /** @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user. */
                userId?: string;
                /** @description Who did it, as `actor` says: `key:4kT0bXr2LmQz` */
                actor?: string;
                /** @description What happened */
                action?: "operation.requested" | "operation.superseded" | "operation.held" | "operation.approved" | "operation.retried" | "operation.cancelled" | "operation.stop-requested" | "operation.taken-over" | "operation.user-let-in" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "step.intended" | "step.done" | "step.skipped" | "step.waiting" | "step.failed" | "step.unknown" | "step.undo-intended" | "step.undone" | "approval.approved" | "approval.rejected" | "approval.expired" | "key.created" | "key.revoked" | "key.rotated" | "key.address-refused" | "console.signed-in" | "console.signed-out" | "service.stopped" | "service.resumed" | "campaign.created" | "campaign.started" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.extended" | "campaign.time-given-back" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "participant.mailed" | "participant.bounced" | "participant.answered" | "participant.spared" | "nextcloud.credentials-refused" | "signal.ignored" | "webhook.created" | "webhook.changed" | "webhook.rotated" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "stream.created" | "stream.changed" | "stream.deleted" | "stream.disabled" | "audit.adopted" | "audit.key-changed" | "audit.pseudonymised" | "audit.pruned" | "audit.went-on-after-loss";
                /** @description How it went; `none`: of events that say nothing of that */
                outcome?: "success" | "failure" | "unknown" | "none";
                /** @description Of this operation only */
                operationId?: string;
                /** @description Of this campaign only, with the operations that followed from it */
                campaignId?: string;
                /** @description A part of the reason that was given, in whatever case */
                reason?: string;
                /** @description Not before this time */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    /** @description `audit-<events>.<format>`, of a part `audit-part-…` */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    campaignReport: {
        parameters: {
            query?: {
                /** @description Which one; left out: the last that began */
                round?: number;
                /** @description What is wanted */
                format?: "html" | "csv" | "json" | "sha256";
            };
            header?: never;
            path: {
                /** @description `id` of the campaign */
                campaignId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    /** @description `campaign-<name>-round-<N>.<format>`; the page is shown, all else is saved */
                    "Content-Disposition"?: string;
                    /** @description no-store */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignReport"];
                    "text/html": string;
                    "text/csv": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-campaign"];
            409: components["responses"]["report-not-final"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "helpdesk",
                 *       "scopes": [
                 *         "users:read",
                 *         "users:reset"
                 *       ],
                 *       "owner": "anna@acme.example"
                 *     }
                 */
                "application/json": {
                    /** @example helpdesk */
                    name: string;
                    scopes: ("users:read" | "users:reset" | "users:revoke" | "users:offboard" | "users:wipe" | "users:delete" | "campaigns:read" | "campaigns:write" | "audit:read" | "approvals:decide" | "keys:manage" | "webhooks:manage" | "signals:send" | "streams:manage" | "admin")[];
                    /** @description The person or system that answers for it. Left out: who makes it */
                    owner?: string;
                    /**
                     * Format: date-time
                     * @description It ends then
                     */
                    expiresAt?: string;
                    /** @description Works only from these networks: `10.0.0.0/8`, `2001:db8::/32`, or single addresses */
                    allowedCidrs?: string[];
                    /** @description Sees and touches only users who are in one of these groups of Nextcloud */
                    allowedGroups?: string[];
                    /** @description Whatever it changes must come with an `Idempotency-Key` */
                    requireIdempotencyKey?: boolean;
                };
            };
        };
        responses: {
            /** @description The key, shown this once */
            201: {
                headers: {
                    /** @description Where to look: `/keys/{id}` */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`). The key would have more than its maker (`beyond-own-rights`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the key */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-key"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the key */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-key"];
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the key */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap": "PT24H"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the old key goes on: ISO 8601 duration, at most P30D; `PT0S`: not at all
                     * @default PT24H
                     */
                    overlap?: string;
                };
            };
        };
        responses: {
            /** @description The new key, shown this once */
            201: {
                headers: {
                    /** @description Where to look: `/keys/{id}` */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            /** @description The API key lacks a scope (`missing-scope`). The API key may not be used from this address (`address-not-allowed`). The API key is for the users of some groups only (`limited-to-groups`). The key would have more than its maker (`beyond-own-rights`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["unknown-key"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). This API key cannot be rotated (`key-not-rotatable`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of webhooks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://tickets.example.org/hooks/locksmith",
                 *       "description": "Tickets",
                 *       "events": [
                 *         "operation.needs-attention",
                 *         "approval.requested"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them */
                    url: string;
                    /** @example Tickets */
                    description?: string;
                    /** @description What it is told of. Left out: everything, also what later versions tell of */
                    events?: ("operation.awaiting-approval" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "operation.cancelled" | "approval.requested" | "approval.approved" | "approval.rejected" | "approval.expired" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "service.stopped" | "service.resumed")[];
                };
            };
        };
        responses: {
            /** @description The webhook, its secret shown this once */
            201: {
                headers: {
                    /** @description Where to look: `/webhooks/{id}` */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). WEBHOOK_ENCRYPTION_KEY is not set (`webhooks-not-configured`). There are as many webhooks as there can be (`too-many-webhooks`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This URL cannot be called (`webhook-url-not-allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "enabled": true
                 *     }
                 */
                "application/json": {
                    /** @description Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them */
                    url?: string;
                    /** @example Tickets */
                    description?: string;
                    /** @description null: everything */
                    events?: ("operation.awaiting-approval" | "operation.succeeded" | "operation.failed" | "operation.needs-attention" | "operation.cancelled" | "approval.requested" | "approval.approved" | "approval.rejected" | "approval.expired" | "campaign.opened" | "campaign.aborted" | "campaign.paused" | "campaign.resumed" | "campaign.closed" | "campaign.round-ended" | "campaign.cancelled" | "service.stopped" | "service.resumed")[] | null;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This URL cannot be called (`webhook-url-not-allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    rotateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap": "PT24H"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the old secret goes on signing: ISO 8601 duration, at most P30D; `PT0S`: not at all
                     * @default PT24H
                     */
                    overlap?: string;
                };
            };
        };
        responses: {
            /** @description The webhook, its new secret shown this once */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). WEBHOOK_ENCRYPTION_KEY is not set (`webhooks-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How far they have come */
                state?: "pending" | "delivered" | "failed";
                /** @description How many at most */
                limit?: number;
                /** @description From `next` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        /** @description `cursor` of the next page; null on the last. Also as `Link: rel="next"` */
                        next: string | null;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
                /** @description `id` of the delivery: its `webhook-id` */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due */
            202: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description No such webhook (`unknown-webhook`). No such delivery of a webhook (`unknown-delivery`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). The webhook is disabled (`webhook-disabled`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /** @description `id` of the webhook */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due */
            202: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-webhook"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). The webhook is disabled (`webhook-disabled`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    ssfConfiguration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metadata */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        spec_version: string;
                        /**
                         * Format: uri
                         * @description `iss` of each SET
                         */
                        issuer: string;
                        /** Format: uri */
                        jwks_uri: string;
                        delivery_methods_supported: string[];
                        /** Format: uri */
                        configuration_endpoint: string;
                        /** Format: uri */
                        status_endpoint: string;
                        /** Format: uri */
                        verification_endpoint: string;
                        authorization_schemes: {
                            spec_urn: string;
                        }[];
                        /** @description `ALL`: whoever Locksmith does something to is told of */
                        default_subjects: string;
                    };
                };
            };
            404: components["responses"]["not-found"];
            431: components["responses"]["headers-too-large"];
        };
    };
    ssfKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            kty: string;
                            n: string;
                            e: string;
                            /** @description Thumbprint of the key (RFC 7638) */
                            kid: string;
                            alg: string;
                            use: string;
                        }[];
                    };
                };
            };
            404: components["responses"]["not-found"];
            431: components["responses"]["headers-too-large"];
        };
    };
    getStreams: {
        parameters: {
            query?: {
                /** @description `stream_id` of a stream */
                stream_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All as a list, or one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stream"] | components["schemas"]["Stream"][];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            409: components["responses"]["ssf-not-configured"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    replaceStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stream_id": "01a20941-3c5e-7000-8f0a-6b2d9e417c55",
                 *       "delivery": {
                 *         "method": "urn:ietf:rfc:8935",
                 *         "endpoint_url": "https://receiver.example.com/events",
                 *         "authorization_header": "Bearer a-token-of-the-receiver"
                 *       },
                 *       "events_requested": [
                 *         "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
                 *         "https://schemas.openid.net/secevent/caep/event-type/credential-change",
                 *         "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
                 *       ],
                 *       "description": "Sign-out everywhere"
                 *     }
                 */
                "application/json": {
                    /** @description `stream_id` of a stream */
                    stream_id: string;
                    iss?: string;
                    /** @description `aud` of each SET. Left out: the origin of `endpoint_url` */
                    aud?: string | string[];
                    events_supported?: string[];
                    events_delivered?: string[];
                    min_verification_interval?: number;
                    /** @description URIs of the events that are wanted; those that are not known here are ignored. Left out: all that there are, also those of later versions */
                    events_requested?: string[];
                    description?: string;
                    delivery: {
                        /**
                         * @description Push (RFC 8935); poll is not supported
                         * @enum {unknown}
                         */
                        method: "urn:ietf:rfc:8935";
                        /** @description Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them */
                        endpoint_url: string;
                        /**
                         * @description What the receiver wants to find in `Authorization`. Never shown again, so send it each time that you send `delivery`: without it none is sent from then on
                         * @example Bearer a-token-of-the-receiver
                         */
                        authorization_header?: string;
                    };
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stream"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). WEBHOOK_ENCRYPTION_KEY is not set (`webhooks-not-configured`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This URL cannot be called (`webhook-url-not-allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    createStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "delivery": {
                 *         "method": "urn:ietf:rfc:8935",
                 *         "endpoint_url": "https://receiver.example.com/events",
                 *         "authorization_header": "Bearer a-token-of-the-receiver"
                 *       },
                 *       "events_requested": [
                 *         "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
                 *         "https://schemas.openid.net/secevent/caep/event-type/credential-change",
                 *         "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
                 *       ],
                 *       "description": "Sign-out everywhere"
                 *     }
                 */
                "application/json": {
                    /** @description URIs of the events that are wanted; those that are not known here are ignored. Left out: all that there are, also those of later versions */
                    events_requested?: string[];
                    description?: string;
                    delivery: {
                        /**
                         * @description Push (RFC 8935); poll is not supported
                         * @enum {unknown}
                         */
                        method: "urn:ietf:rfc:8935";
                        /** @description Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them */
                        endpoint_url: string;
                        /**
                         * @description What the receiver wants to find in `Authorization`. Never shown again, so send it each time that you send `delivery`: without it none is sent from then on
                         * @example Bearer a-token-of-the-receiver
                         */
                        authorization_header?: string;
                    };
                    /** @description `aud` of each SET. Left out: the origin of `endpoint_url` */
                    aud?: string | string[];
                    iss?: string;
                };
            };
        };
        responses: {
            /** @description The stream */
            201: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stream"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). WEBHOOK_ENCRYPTION_KEY is not set (`webhooks-not-configured`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`). There are as many streams as there can be (`too-many-streams`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This URL cannot be called (`webhook-url-not-allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    deleteStream: {
        parameters: {
            query: {
                /** @description `stream_id` of a stream */
                stream_id: string;
            };
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    changeStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stream_id": "01a20941-3c5e-7000-8f0a-6b2d9e417c55",
                 *       "description": "Sign-out everywhere, and leavers"
                 *     }
                 */
                "application/json": {
                    /** @description `stream_id` of a stream */
                    stream_id: string;
                    iss?: string;
                    /** @description `aud` of each SET. Left out: the origin of `endpoint_url` */
                    aud?: string | string[];
                    events_supported?: string[];
                    events_delivered?: string[];
                    min_verification_interval?: number;
                    /** @description URIs of the events that are wanted; those that are not known here are ignored. Left out: all that there are, also those of later versions */
                    events_requested?: string[];
                    description?: string;
                    delivery?: {
                        /**
                         * @description Push (RFC 8935); poll is not supported
                         * @enum {unknown}
                         */
                        method: "urn:ietf:rfc:8935";
                        /** @description Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them */
                        endpoint_url: string;
                        /**
                         * @description What the receiver wants to find in `Authorization`. Never shown again, so send it each time that you send `delivery`: without it none is sent from then on
                         * @example Bearer a-token-of-the-receiver
                         */
                        authorization_header?: string;
                    };
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stream"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). WEBHOOK_ENCRYPTION_KEY is not set (`webhooks-not-configured`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). This URL cannot be called (`webhook-url-not-allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getStreamStatus: {
        parameters: {
            query: {
                /** @description `stream_id` of a stream */
                stream_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status, and why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamStatus"];
                };
            };
            400: components["responses"]["invalid-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            409: components["responses"]["ssf-not-configured"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    setStreamStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stream_id": "01a20941-3c5e-7000-8f0a-6b2d9e417c55",
                 *       "status": "paused",
                 *       "reason": "SYSTEM_DOWN_FOR_MAINTENANCE"
                 *     }
                 */
                "application/json": {
                    /** @description `stream_id` of a stream */
                    stream_id: string;
                    /** @enum {unknown} */
                    status: "enabled" | "paused" | "disabled";
                    /** @description Why. Where nobody said: what keeps it from being delivered, if anything does */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamStatus"];
                };
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    verifyStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stream_id": "01a20941-3c5e-7000-8f0a-6b2d9e417c55",
                 *       "state": "VGhpcyBpcyBhbiBleGFtcGxlIHN0YXRlIHZhbHVlLgo="
                 *     }
                 */
                "application/json": {
                    /** @description `stream_id` of a stream */
                    stream_id: string;
                    /** @description Comes back in the event as it is */
                    state?: string;
                };
            };
        };
        responses: {
            /** @description It is due */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request-or-key"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["unknown-stream"];
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). SSF_SIGNING_KEY or PUBLIC_URL is not set (`ssf-not-configured`). The stream is disabled (`stream-disabled`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            /** @description Too many requests with this API key (`rate-limited`). Too many refused credentials from this address (`too-many-failed-logins`). A verification was asked for a moment ago (`verification-too-soon`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        live: true;
                    };
                };
            };
            431: components["responses"]["headers-too-large"];
        };
    };
    ready: {
        parameters: {
            query?: {
                /** @description `optional`: ready also while Nextcloud is away; what is known of it is said all the same */
                nextcloud?: "needed" | "optional";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Work goes on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["invalid-request"];
            431: components["responses"]["headers-too-large"];
            /** @description Something is missing */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the text format of Prometheus */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    doctor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything that was found */
            200: {
                headers: {
                    /** @description no-store */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorReport"];
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    explainProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `code` of the problem
                 * @example two-factor-user
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page in Markdown */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["not-found"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
        };
    };
    scimServiceProviderConfig: {
        parameters: {
            query?: {
                /** @description Refused (RFC 7644, section 4) */
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        schemas: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            503: components["responses"]["scim-unavailable"];
        };
    };
    scimResourceTypes: {
        parameters: {
            query?: {
                /** @description Refused (RFC 7644, section 4) */
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        /** @description What the rest can be read by */
                        schemas: string[];
                        totalResults: number;
                        startIndex: number;
                        itemsPerPage: number;
                        Resources: ({
                            schemas: string[];
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            503: components["responses"]["scim-unavailable"];
        };
    };
    scimResourceType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its `id`
                 * @example User
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        schemas: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            404: components["responses"]["scim-not-found"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            503: components["responses"]["scim-unavailable"];
        };
    };
    scimSchemas: {
        parameters: {
            query?: {
                /** @description Refused (RFC 7644, section 4) */
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        /** @description What the rest can be read by */
                        schemas: string[];
                        totalResults: number;
                        startIndex: number;
                        itemsPerPage: number;
                        Resources: ({
                            schemas: string[];
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            503: components["responses"]["scim-unavailable"];
        };
    };
    scimSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its `id`
                 * @example urn:ietf:params:scim:schemas:core:2.0:User
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        schemas: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            404: components["responses"]["scim-not-found"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            503: components["responses"]["scim-unavailable"];
        };
    };
    scimListUsers: {
        parameters: {
            query?: {
                /** @description `eq`, and several with `and` (RFC 7644, 3.4.2.2) */
                filter?: string;
                /** @description From 1 */
                startIndex?: number;
                /** @description At most 200; 100 where it is left out */
                count?: number;
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        /** @description What the rest can be read by */
                        schemas: string[];
                        totalResults: number;
                        startIndex: number;
                        itemsPerPage: number;
                        Resources: components["schemas"]["ScimUser"][];
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-nextcloud"];
        };
    };
    scimAssignUser: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                aadOptscim062020?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                AzureAdScimPatch2017?: string;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A user */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "schemas": [
                 *         "urn:ietf:params:scim:schemas:core:2.0:User"
                 *       ],
                 *       "userName": "alice",
                 *       "externalId": "00ujl29u0le5T6Aj10h7",
                 *       "emails": [
                 *         {
                 *           "primary": true,
                 *           "value": "alice@acme.example",
                 *           "type": "work"
                 *         }
                 *       ],
                 *       "active": true
                 *     }
                 */
                "application/scim+json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "schemas": [
                 *         "urn:ietf:params:scim:schemas:core:2.0:User"
                 *       ],
                 *       "userName": "alice",
                 *       "externalId": "00ujl29u0le5T6Aj10h7",
                 *       "emails": [
                 *         {
                 *           "primary": true,
                 *           "value": "alice@acme.example",
                 *           "type": "work"
                 *         }
                 *       ],
                 *       "active": true
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Linked */
            201: {
                headers: {
                    /** @description Where the user is */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimUser"];
                };
            };
            400: components["responses"]["scim-bad-request-or-key"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden-or-protected"];
            /** @description This cannot be a user id (`invalid-user-id`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            413: components["responses"]["scim-body-too-large"];
            415: components["responses"]["scim-unsupported-media-type"];
            422: components["responses"]["scim-cannot-be-reset"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-halted-or-revocation"];
        };
    };
    scimGetUser: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimUser"];
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            /** @description This cannot be a user id (`invalid-user-id`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-nextcloud"];
        };
    };
    scimReplaceUser: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                aadOptscim062020?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                AzureAdScimPatch2017?: string;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        /** @description The whole user */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "schemas": [
                 *         "urn:ietf:params:scim:schemas:core:2.0:User"
                 *       ],
                 *       "userName": "alice",
                 *       "externalId": "00ujl29u0le5T6Aj10h7",
                 *       "emails": [
                 *         {
                 *           "primary": true,
                 *           "value": "alice@acme.example",
                 *           "type": "work"
                 *         }
                 *       ],
                 *       "active": false,
                 *       "id": "alice"
                 *     }
                 */
                "application/scim+json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "schemas": [
                 *         "urn:ietf:params:scim:schemas:core:2.0:User"
                 *       ],
                 *       "userName": "alice",
                 *       "externalId": "00ujl29u0le5T6Aj10h7",
                 *       "emails": [
                 *         {
                 *           "primary": true,
                 *           "value": "alice@acme.example",
                 *           "type": "work"
                 *         }
                 *       ],
                 *       "active": false,
                 *       "id": "alice"
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Recorded, and the user as it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimUser"];
                };
            };
            400: components["responses"]["scim-bad-request-or-key"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden-or-protected"];
            /** @description This cannot be a user id (`invalid-user-id`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            413: components["responses"]["scim-body-too-large"];
            415: components["responses"]["scim-unsupported-media-type"];
            422: components["responses"]["scim-cannot-be-reset"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-halted-or-revocation"];
        };
    };
    scimDeleteUser: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                aadOptscim062020?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                AzureAdScimPatch2017?: string;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The off-boarding and the deletion are recorded */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["scim-bad-request-or-key"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden-or-protected"];
            /** @description This cannot be a user id (`invalid-user-id`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). A second person has to approve it (`awaiting-approval`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            413: components["responses"]["scim-body-too-large"];
            415: components["responses"]["scim-unsupported-media-type"];
            422: components["responses"]["scim-cannot-be-reset"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-halted-or-revocation"];
        };
    };
    scimPatchUser: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                aadOptscim062020?: string;
                /** @description A flag of Entra ID for its own behaviour; of no consequence here */
                AzureAdScimPatch2017?: string;
            };
            header?: {
                /** @description `wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The user's id in Nextcloud, not the mail address. Upper and lower case are the same user.
                 * @example alice
                 */
                userId: string;
            };
            cookie?: never;
        };
        /** @description Operations (RFC 7644, 3.5.2), at most 100 */
        requestBody?: {
            content: {
                "application/scim+json": {
                    [key: string]: unknown;
                };
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Recorded, and the user as it is now */
            200: {
                headers: {
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimUser"];
                };
            };
            400: components["responses"]["scim-bad-request-or-key"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden-or-protected"];
            /** @description This cannot be a user id (`invalid-user-id`). Nextcloud has no such user (`unknown-user`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            /** @description The first request with this Idempotency-Key is at work (`idempotency-key-in-flight`). Another operation works on this user (`operation-already-running`). Password reset is switched off in Nextcloud (`password-reset-off`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimError"];
                };
            };
            413: components["responses"]["scim-body-too-large"];
            415: components["responses"]["scim-unsupported-media-type"];
            422: components["responses"]["scim-cannot-be-reset"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-halted-or-revocation"];
        };
    };
    scimListGroups: {
        parameters: {
            query?: {
                /** @description `eq`, and several with `and` (RFC 7644, 3.4.2.2) */
                filter?: string;
                /** @description From 1 */
                startIndex?: number;
                /** @description At most 200; 100 where it is left out */
                count?: number;
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": {
                        /** @description What the rest can be read by */
                        schemas: string[];
                        totalResults: number;
                        startIndex: number;
                        itemsPerPage: number;
                        Resources: components["schemas"]["ScimGroup"][];
                    };
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-nextcloud"];
        };
    };
    scimGetGroup: {
        parameters: {
            query?: {
                /** @description Only these, by commas (RFC 7644, 3.9) */
                attributes?: string;
                /** @description All but these */
                excludedAttributes?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The group's id in Nextcloud
                 * @example acme
                 */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/scim+json": components["schemas"]["ScimGroup"];
                };
            };
            400: components["responses"]["scim-invalid-request"];
            401: components["responses"]["scim-unauthorized"];
            403: components["responses"]["scim-forbidden"];
            404: components["responses"]["scim-unknown-group"];
            429: components["responses"]["scim-too-many-requests"];
            500: components["responses"]["scim-internal-error"];
            502: components["responses"]["scim-bad-gateway"];
            503: components["responses"]["scim-unavailable-or-nextcloud"];
        };
    };
    revokeAllTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=20`: how many seconds (at most 60) the end of something else that works on the user is waited for; 20 where it is not said */
                prefer?: string;
                /** @description A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "sub_id": {
                 *         "format": "email",
                 *         "email": "alice@example.org"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description a user (RFC 9493), by `format` and `email`, `iss_sub` and `iss` and `sub`, or `opaque` and `id` */
                    sub_id?: ({
                        /** @enum {string} */
                        format: "email";
                        /**
                         * @description The mail address that one user alone has in Nextcloud
                         * @example alice@example.org
                         */
                        email: string;
                    } & {
                        [key: string]: unknown;
                    }) | ({
                        /** @enum {string} */
                        format: "iss_sub";
                        /**
                         * @description The issuer itself, or `PUBLIC_URL`
                         * @example https://example.okta.com
                         */
                        iss: string;
                        /**
                         * @description As the issuer calls the user: the SCIM `externalId` where it speaks SCIM, else the user's id in Nextcloud; of `PUBLIC_URL` always the id
                         * @example 00u1a2b3c4D5e6F7g8h9
                         */
                        sub: string;
                    } & {
                        [key: string]: unknown;
                    }) | ({
                        /** @enum {string} */
                        format: "opaque";
                        /**
                         * @description The user's id in Nextcloud
                         * @example alice
                         */
                        id: string;
                    } & {
                        [key: string]: unknown;
                    });
                    /** @description `sub_id` of early drafts */
                    subject?: {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is recorded, and goes on by itself, also through a restart. Or there is nothing that would open: the user is off-boarded */
            204: {
                headers: {
                    /** @description Where to look: `/operations/{id}`, with `users:read` */
                    location?: string;
                    /** @description `true` where this is what the first request with the same `Idempotency-Key` was answered */
                    "idempotency-replayed"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request-or-key-or-user-id"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden-or-protected"];
            404: components["responses"]["unknown-user"];
            409: components["responses"]["idempotency-key-in-flight"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            /** @description The Idempotency-Key was used for another request (`idempotency-key-reused`). Several users of Nextcloud could be meant (`ambiguous-user`). This is the account of Locksmith itself (`own-account`). The password of this user is kept elsewhere (`cannot-set-password`). The user has a second factor (`two-factor-user`). A second factor is enforced for the user (`two-factor-enforced`). The files of this user are encrypted with the password (`encryption-per-user-keys`). Another operation works on this user (`operation-already-running`). A second person has to approve it (`awaiting-approval`). The user is disabled (`user-disabled`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            503: components["responses"]["unavailable-or-halted-or-revocation"];
        };
    };
    receiveSecurityEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token, signed (JWS, compact) */
        requestBody: {
            content: {
                /** @example eyJ0eXAiOiJzZWNldmVudCtqd3QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUub3JnIn0.c2ln */
                "application/secevent+jwt": string;
            };
        };
        responses: {
            /** @description Taken: what follows from it is recorded */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is not taken: sent again it would not be, either */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetError"];
                };
            };
            409: components["responses"]["operation-already-running"];
            413: components["responses"]["body-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            502: components["responses"]["bad-gateway"];
            /** @description The identity provider does not answer (`identity-provider-unavailable`). Locksmith is stopped (`stopped`). The database of Locksmith does not answer (`database-unavailable`). Nextcloud does not answer (`nextcloud-unreachable`). Nextcloud is in maintenance (`nextcloud-maintenance`). Nextcloud asks us to slow down (`nextcloud-busy`). Nextcloud refuses the credentials of Locksmith (`nextcloud-credentials-refused`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
