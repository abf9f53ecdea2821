// The page starts here: the token out of the address bar, the session, the views.
// SPDX-License-Identifier: GPL-3.0-or-later
import { render } from "preact";
import { App } from "./app";
import { followHash } from "./route";
import { Session, SessionProvider } from "./session";
import "./css/app.css";

const KEPT = "mixrig.token";
// Says that a token is kept, and which is no secret. Without it nothing is looked for: the first look into what a browser keeps for a
// session waits for another process of it, for longer than all else that a page does before it connects.
const INVITED = "guest";

// An address bar is seen over shoulders and ends in bookmarks; a session's memory does neither.
function takeToken(): string {
    const url = new URL(location.href);
    const token = url.searchParams.get("token");
    if (token === null) return url.searchParams.has(INVITED) ? (sessionStorage.getItem(KEPT) ?? "") : "";
    sessionStorage.setItem(KEPT, token);
    url.searchParams.delete("token");
    url.searchParams.set(INVITED, "1");
    history.replaceState(null, "", url);
    return token;
}

const session = new Session(takeToken());
followHash();
session.start();

const page = document.getElementById("page");
if (page) {
    page.replaceChildren();
    render(
        <SessionProvider session={session}>
            <App />
        </SessionProvider>,
        page,
    );
}
