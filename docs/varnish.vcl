vcl 4.1;
# Varnish before Newsroom, with CDN=varnish, CDN_PURGE_URL=http://<this host>:<its port>/ and CDN_PURGE_TOKEN.

backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
}

# Where the worker runs.
acl workers {
    "127.0.0.1";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ workers || req.http.X-Purge-Token != "change me") {
            return (synth(403));
        }
        if (req.http.X-Everything) {
            ban("obj.status != 0");
        } else {
            ban("obj.http.Cache-Tag ~ " + req.http.X-Tags);
        }
        return (synth(200));
    }
    # The cookies of staff and known readers name people: their pages are made for them. No other cookie is ours.
    if (req.http.Cookie ~ "(newsroom_|messages)") {
        return (pass);
    }
    unset req.http.Cookie;
}

sub vcl_backend_response {
    # Newsroom says how long; a page that is out of date is asked for again, not shown meanwhile.
    set beresp.grace = 0s;
}

sub vcl_deliver {
    unset resp.http.Cache-Tag;
}
