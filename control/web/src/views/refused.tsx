// All that a device sees that the desk does not let in: why, and how it gets an invitation.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSession } from "../session";
import { Button } from "../widgets/button";

export function RefusedView() {
    const { connection, token } = useSession();
    return (
        <main class="refused">
            <div role="alert">
                <h1>{token ? "This invitation does not hold any more" : "This desk needs an invitation"}</h1>
                <p>
                    {token
                        ? "It was taken back, its days are over, or its address was not copied whole."
                        : "It does not know this device, and the address that brought you here has no invitation in it."}
                </p>
            </div>
            <h2>How to get one</h2>
            <p>Whoever looks after the desk runs there</p>
            <pre>mixrig invite --role musician --aux 2 --name Anna</pre>
            <p>
                and gives you the address that it prints, or its code to scan. The role can be <i>viewer</i> or <i>engineer</i> as well.
                Open that address on this device.
            </p>
            <Button kind="primary" onPress={() => connection.hurry()}>
                Ask the desk again
            </Button>
            <p class="hint">This page asks by itself every ten seconds.</p>
        </main>
    );
}
