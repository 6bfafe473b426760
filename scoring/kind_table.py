"""What kind of file a path is, as a table: what really occurs in Wikimedia's repositories.

Patterns are those of ``scoring.globs``. The first kind that fits is it; what fits nowhere is code.
"""

from __future__ import annotations

Table = tuple[tuple[str, tuple[str, ...]], ...]
"""Rows of (kind, patterns)."""

KINDS: Table = (
    # What would be taken for something else below, and was written by hand.
    ("code", (
        "/lib/{wt2html,html2wt,api,utils,ext,mw,language,logger,jsutils,resources,formatters}/**.{js,css,less}",
        "/js/lib/**", "/lib/{mediawiki,ext,dom,wts,pp,tt,core}.*.js", "*.{pegjs,pegphp}", "*.pegjs.txt",
        "*.vcl", "*.{vcl,py,sh,lua,rb,php,pl,js,bash}.erb", "{jjb,zuul,dockerfiles}/**.{py,groovy,sh,bash,rb}",
    )),
    ("lock", (
        "{package-lock,npm-shrinkwrap}.json", "pnpm-lock.yaml", "go.sum", "npm-packages-offline-cache/",
        "{composer,yarn,Gemfile,poetry,Cargo,Pipfile,uv}.lock",
    )),
    ("minified", ("*{.,-}min.{js,css,mjs}", "*.map", "*.map.json", "*.bundle.js", "*.bundle.css")),
    ("translation", (
        "i18n/**.{json,php,po,pot,yaml,yml,properties,txt}", "i18n-*/**.json", "*.i18n.php", "*.i18n.*.php",
        "languages/{i18n,messages}/**", "{locale,locales}/**.{json,js,php,po,pot,yaml,yml,properties}",
        "*.{alias,aliases,magic,namespaces,i18n.alias,i18n.magic}.php", "*{Aliases,Magic}.php", "*.{po,pot,xliff,xlf,strings}", "i18n/**.{ts,js}",
    )),
    ("vendored", (
        "{vendor,vendors,node_modules,third_party,third-party,thirdparty,3rdparty,bower_components}/",
        "{puppet_modules,vendor_modules,external,externals,contrib}/", "MwEmbedModules/", "mwembed/",
        "{resources,modules,static,js,javascripts,assets}/lib/**", "{resources,modules}/**/lib/**.{js,css,mjs,less}",
        "lib/*/**.{js,css,less,mjs,yaml,html}", "/lib/*.{js,css,mjs}", "libs/**", "/rebaser/", "/geshi/geshi/", "{MathJax,mathjax*,videojs,momentjs,rangy}/",
        "{jquery,jquery.ui,jquery-ui,ooui,oojs-ui,oojs-router,codemirror,ace,vega*,d3,echarts,leaflet}/**.{js,css}",
        "{jquery,jquery.*,jquery-*,moment,underscore,mustache,handlebars,hogan,d3*,vega*,require,knockout}.js",
        "{rangy*,qunit,sinon*,easyDeflate,unicodejs*,oojs*,video*js*,leaflet*,swagger*,sax,xregexp*,ohNoEs}.js",
        "/modules/{stdlib,apt,concat,firewall,inifile,lvm,mysql,postgresql,puppetdbquery,git,vcsrepo}/",
        "modules/openstack/**.py", "modules/openstack/**/virt-libvirt-driver", "files/openstack/**",
        "modules/admin/files/home/", "docroot/bits/**", "docroot/wikipedia.org/**", "/core/vendor/",
        "{COPYING,LICENSE,LICENCE,KEYS}", "{COPYING,LICENSE,LICENCE}.*", "*.phar", ".gitmodules",
    )),
    ("generated", (
        "{dist,_build,coverage,__generated__,generated,compiled,autodoc}/", "build/output/", "docs/api/", "apidoc/",
        "wikiversions*.{json,cdb,php,dat}", "*Grammar.php", "autoload.php", "autoload_*.php",
        "{mysql,sqlite,postgres}/**.sql", "*-generated.sql", "baseconfig/", ".phan/*baseline*", "phpstan-baseline*", "psalm-baseline*",
        "*NameSearchData.php", "initial-content/", "initial-content.xml", "handlebars/compiled/", "sprite*.css",
        "interwiki*.{php,cdb}", "trusted-xff.*", "*.dblist", "dblists/**", "dblists-index.php", "{WikiMap,l10n_cache}*",
        "*.{pb.go,d.ts}", "*_pb2.py", "{gen,target,openapi,.yarn}/", "*.{log,out}", "ext-*.json", "*.diff", "*.orig", "*.pyc", "langdb.yaml", "language-data.json", "expanded_layout*",
    )),
    ("image", (
        "*.{svg,png,jpg,jpeg,gif,ico,webp,ai,xcf,psd,woff,woff2,ttf,otf,eot,pdf,ogg,ogv,oga,webm,mp3,mp4,wav,mid,stl}",
        "*.{crt,pem,asc,gpg,key,pub,der,csr,jar,gz,zip,deb,bz2,xz}",
    )),
    ("fixture", (
        "{fixture,fixtures,snapshot,snapshots,__snapshots__,testdata,test_data,expected,cassettes,mocks,__mocks__}/",
        "*.{snap,expected,att,vcr}", "{test,tests}/**.{html,json,xml,txt,wikitext,csv,tsv,sql,srt,nt,ttl,yaml,yml,dat,out}",
        "*{nown,NOWN}{-,_,}{ailures,Failures}*", "*-blacklist*.{js,json,php}", "JSPHP-suite.json", "*parserTests.txt",
        "*ParserTests.txt", "*.{csv,tsv,geojson,jsonl,ndjson}", "{rules,data}/**.{json,txt,nt,ttl,xml,html}", "{test,tests}/**/data/**", "tools/data/**",
    )),
    ("tests", (
        "{test,tests,spec,specs,__tests__,selenium,cypress,qunit,phpunit,browsertests}/", "*{Test,TestCase,TestBase,Spec}.*",
        "*{.,_}{test,spec}.*", "test_*.py", "*_test.*", "*.{feature,vtc}", "Rakefile", "features/**",
    )),
    ("list", (
        "files/dhcpd/**", "modules/install_server/**", "hieradata/hosts/**", "conftool-data/**", "files/autoinstall/**",
        "templates/dns/**", "modules/dsh/**", "files/dsh/**", "modules/admin/data/**", "{AUTHORS,CREDITS,CODEOWNERS}*",
        "changelog", "debian/{changelog,control}", "{site,admins,nodes}.pp", "netboot.cfg", "db-{eqiad,codfw,labs}.php",
    )),
    ("docs", (
        "{doc,docs,codex-docs}/", "*.{md,rst,txt,mediawiki,wiki,adoc,markdown,1}", "{README,HISTORY,CHANGELOG,UPGRADE,INSTALL,TODO,NEWS}*",
        "CHANGE{S,LOG}*", "RELEASE-NOTES*", "{jsduck,eg-iframe}*", "demos/",
    )),
    ("configuration", (
        ".*", "*.{json,yaml,yml,toml,ini,cfg,conf,neon,properties,xml,config,plist,pbxproj}", "*.{cron,logrotate,service,systemd,desktop,preseed,list}",
        "{Dockerfile,Makefile,Gruntfile.js,Gemfile,gulpfile.js,webpack.config.js,jsconfig.js,setup.cfg,tox.ini,debian}",
        "{Gruntfile,webpack*,karma*,wdio*,jest*,vite*,babel*,stylelint*,eslint*}.{js,ts,mjs,cjs}", "debian/**",
        "wmf-config/**", "hieradata/**", "/hiera/**", "{zuul,jjb,dockerfiles,jenkins}/**", "layout.yaml",
        "modules/{admin,planet}/**", "families/*_family.py",
        "{Resources,extension-list*,*.dtd,*.xsd}", "php-{entry,wmf*}/**", "data-{center,values}/**",
    )),
    ("template", ("*.{erb,epp,j2,mustache,handlebars,hbs,tpl,html,htm,tmpl,twig}",)),
    ("style", ("*.{css,less,scss,sass,styl}",)),
)  # fmt: skip
