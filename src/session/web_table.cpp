// The table [web] of desk.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/web_table.h"

#include "src/session/networks.h"

namespace mixrig::session {

void read_web(Section section, WebConfig& web) {
    section.read("enabled", web.enabled);
    section.read("port", web.port, 0, 65535);
    section.read("listen", web.listen);
    if (!is_address(web.listen))
        section.problem("listen", "\"" + web.listen + "\" is not an address",
                        "127.0.0.1 for this machine only, 0.0.0.0 for all networks");
    section.read_list("hosts", web.hosts);
    for (const std::string& host : web.hosts)
        if (host.empty() || host.find_first_of("/ :") != std::string::npos)
            section.problem("hosts", "\"" + host + "\" is not the name of a host",
                            "desk.example.org, without http:// and port");
    section.read_path("certificate", web.certificate);
    section.read_path("key", web.key);
    if (web.certificate.empty() != web.key.empty())
        section.problem(web.key.empty() ? "key" : "certificate", "is missing",
                        "https takes a certificate and its key");
    section.read("datagrams", web.datagrams);
    section.read("announce", web.announce);
    section.finish();
}

}  // namespace mixrig::session
