/* Names of the people, as JSON text: the service writes everything beyond ASCII as \u escapes (rest.md section 5). */
#ifndef PURVEY_DEMO_USER_NAMES_H
#define PURVEY_DEMO_USER_NAMES_H

#define CULTURES 8
#define NAMES_EACH 6

#define PIECE(literal) { literal, sizeof(literal) - 1 }
struct piece { const char *text; size_t len; };
struct person { struct piece shown, address; };

static const struct person first_names[CULTURES][NAMES_EACH] = {
    { /* en */
        { PIECE("Adele"), PIECE("adele") },
        { PIECE("Megan"), PIECE("megan") },
        { PIECE("Patti"), PIECE("patti") },
        { PIECE("Lee"), PIECE("lee") },
        { PIECE("Grady"), PIECE("grady") },
        { PIECE("Isaiah"), PIECE("isaiah") },
    },
    { /* fr */
        { PIECE("Zo\\u00e9"), PIECE("zoe") },
        { PIECE("Fran\\u00e7ois"), PIECE("francois") },
        { PIECE("Aur\\u00e9lie"), PIECE("aurelie") },
        { PIECE("No\\u00ebl"), PIECE("noel") },
        { PIECE("H\\u00e9l\\u00e8ne"), PIECE("helene") },
        { PIECE("Beno\\u00eet"), PIECE("benoit") },
    },
    { /* el */
        { PIECE("\\u0391\\u03bb\\u03ad\\u03be\\u03b1\\u03bd\\u03b4\\u03c1\\u03bf\\u03c2"), PIECE("alexandros") },
        { PIECE("\\u0395\\u03bb\\u03ad\\u03bd\\u03b7"), PIECE("eleni") },
        { PIECE("\\u039d\\u03af\\u03ba\\u03bf\\u03c2"), PIECE("nikos") },
        { PIECE("\\u03a3\\u03bf\\u03c6\\u03af\\u03b1"), PIECE("sofia") },
        { PIECE("\\u0393\\u03b9\\u03ce\\u03c1\\u03b3\\u03bf\\u03c2"), PIECE("giorgos") },
        { PIECE("\\u039c\\u03b1\\u03c1\\u03af\\u03b1"), PIECE("maria") },
    },
    { /* ru */
        { PIECE("\\u0410\\u043d\\u043d\\u0430"), PIECE("anna") },
        { PIECE("\\u0414\\u043c\\u0438\\u0442\\u0440\\u0438\\u0439"), PIECE("dmitry") },
        { PIECE("\\u041e\\u043b\\u044c\\u0433\\u0430"), PIECE("olga") },
        { PIECE("\\u0421\\u0435\\u0440\\u0433\\u0435\\u0439"), PIECE("sergey") },
        { PIECE("\\u042e\\u043b\\u0438\\u044f"), PIECE("yulia") },
        { PIECE("\\u0424\\u0451\\u0434\\u043e\\u0440"), PIECE("fyodor") },
    },
    { /* ja */
        { PIECE("\\u967d\\u83dc"), PIECE("haruna") },
        { PIECE("\\u84ee"), PIECE("ren") },
        { PIECE("\\u7d50\\u8863"), PIECE("yui") },
        { PIECE("\\u5927\\u7fd4"), PIECE("hiroto") },
        { PIECE("\\u3055\\u304f\\u3089"), PIECE("sakura") },
        { PIECE("\\u5065\\u592a"), PIECE("kenta") },
    },
    { /* ar */
        { PIECE("\\u0645\\u062d\\u0645\\u062f"), PIECE("mohammed") },
        { PIECE("\\u0641\\u0627\\u0637\\u0645\\u0629"), PIECE("fatima") },
        { PIECE("\\u062e\\u0627\\u0644\\u062f"), PIECE("khalid") },
        { PIECE("\\u0644\\u064a\\u0644\\u0649"), PIECE("layla") },
        { PIECE("\\u0639\\u0645\\u0631"), PIECE("omar") },
        { PIECE("\\u0646\\u0648\\u0631"), PIECE("nour") },
    },
    { /* he */
        { PIECE("\\u05e0\\u05d5\\u05e2\\u05d4"), PIECE("noa") },
        { PIECE("\\u05d3\\u05d5\\u05d3"), PIECE("david") },
        { PIECE("\\u05ea\\u05de\\u05e8"), PIECE("tamar") },
        { PIECE("\\u05d0\\u05d9\\u05ea\\u05d9"), PIECE("itai") },
        { PIECE("\\u05e9\\u05d9\\u05e8\\u05d4"), PIECE("shira") },
        { PIECE("\\u05d9\\u05d5\\u05e1\\u05e3"), PIECE("yosef") },
    },
    { /* pl */
        { PIECE("\\u0141ukasz"), PIECE("lukasz") },
        { PIECE("\\u017baneta"), PIECE("zaneta") },
        { PIECE("Pawe\\u0142"), PIECE("pawel") },
        { PIECE("Ma\\u0142gorzata"), PIECE("malgorzata") },
        { PIECE("Gra\\u017cyna"), PIECE("grazyna") },
        { PIECE("Boles\\u0142aw"), PIECE("boleslaw") },
    },
};

static const struct person last_names[CULTURES][NAMES_EACH] = {
    { /* en */
        { PIECE("Vance"), PIECE("vance") },
        { PIECE("Bowen"), PIECE("bowen") },
        { PIECE("Fernandez"), PIECE("fernandez") },
        { PIECE("Gu"), PIECE("gu") },
        { PIECE("Archie"), PIECE("archie") },
        { PIECE("Langer"), PIECE("langer") },
    },
    { /* fr */
        { PIECE("Lef\\u00e8vre"), PIECE("lefevre") },
        { PIECE("Ch\\u00e2teau"), PIECE("chateau") },
        { PIECE("M\\u00fcller"), PIECE("muller") },
        { PIECE("B\\u00e9rard"), PIECE("berard") },
        { PIECE("D\\u2019Amboise"), PIECE("damboise") },
        { PIECE("Gar\\u00e7on"), PIECE("garcon") },
    },
    { /* el */
        { PIECE("\\u03a0\\u03b1\\u03c0\\u03b1\\u03b4\\u03cc\\u03c0\\u03bf\\u03c5\\u03bb\\u03bf\\u03c2"), PIECE("papadopoulos") },
        { PIECE("\\u039f\\u03b9\\u03ba\\u03bf\\u03bd\\u03cc\\u03bc\\u03bf\\u03c5"), PIECE("oikonomou") },
        { PIECE("\\u0392\\u03b1\\u03c3\\u03b9\\u03bb\\u03b5\\u03af\\u03bf\\u03c5"), PIECE("vasileiou") },
        { PIECE("\\u039d\\u03b9\\u03ba\\u03bf\\u03bb\\u03ac\\u03bf\\u03c5"), PIECE("nikolaou") },
        { PIECE("\\u03a7\\u03b1\\u03c4\\u03b6\\u03ae\\u03c2"), PIECE("chatzis") },
        { PIECE("\\u0394\\u03b7\\u03bc\\u03b7\\u03c4\\u03c1\\u03af\\u03bf\\u03c5"), PIECE("dimitriou") },
    },
    { /* ru */
        { PIECE("\\u0418\\u0432\\u0430\\u043d\\u043e\\u0432\\u0430"), PIECE("ivanova") },
        { PIECE("\\u0421\\u043c\\u0438\\u0440\\u043d\\u043e\\u0432"), PIECE("smirnov") },
        { PIECE("\\u0429\\u0435\\u0440\\u0431\\u0430\\u043a\\u043e\\u0432\\u0430"), PIECE("shcherbakova") },
        { PIECE("\\u041a\\u0443\\u0437\\u043d\\u0435\\u0446\\u043e\\u0432"), PIECE("kuznetsov") },
        { PIECE("\\u041f\\u043e\\u043f\\u043e\\u0432\\u0430"), PIECE("popova") },
        { PIECE("\\u0416\\u0443\\u043a\\u043e\\u0432"), PIECE("zhukov") },
    },
    { /* ja */
        { PIECE("\\u4f50\\u85e4"), PIECE("sato") },
        { PIECE("\\u9234\\u6728"), PIECE("suzuki") },
        { PIECE("\\u9ad8\\u6a4b"), PIECE("takahashi") },
        { PIECE("\\u7530\\u4e2d"), PIECE("tanaka") },
        { PIECE("\\u6e21\\u8fba"), PIECE("watanabe") },
        { PIECE("\\u5c71\\u672c"), PIECE("yamamoto") },
    },
    { /* ar */
        { PIECE("\\u0627\\u0644\\u062d\\u0633\\u0646"), PIECE("alhasan") },
        { PIECE("\\u0627\\u0644\\u0645\\u0635\\u0631\\u064a"), PIECE("almasri") },
        { PIECE("\\u0627\\u0644\\u0634\\u0627\\u0645\\u064a"), PIECE("alshami") },
        { PIECE("\\u062d\\u062f\\u0627\\u062f"), PIECE("haddad") },
        { PIECE("\\u0627\\u0644\\u0646\\u062c\\u0627\\u0631"), PIECE("alnajjar") },
        { PIECE("\\u0633\\u0627\\u0644\\u0645"), PIECE("salem") },
    },
    { /* he */
        { PIECE("\\u05db\\u05d4\\u05df"), PIECE("cohen") },
        { PIECE("\\u05dc\\u05d5\\u05d9"), PIECE("levi") },
        { PIECE("\\u05de\\u05d6\\u05e8\\u05d7\\u05d9"), PIECE("mizrahi") },
        { PIECE("\\u05e4\\u05e8\\u05e5"), PIECE("peretz") },
        { PIECE("\\u05d0\\u05d1\\u05e8\\u05d4\\u05dd"), PIECE("avraham") },
        { PIECE("\\u05e9\\u05e4\\u05d9\\u05e8\\u05d0"), PIECE("shapira") },
    },
    { /* pl */
        { PIECE("Wi\\u015bniewski"), PIECE("wisniewski") },
        { PIECE("D\\u0105browska"), PIECE("dabrowska") },
        { PIECE("W\\u00f3jcik"), PIECE("wojcik") },
        { PIECE("Jab\\u0142o\\u0144ski"), PIECE("jablonski") },
        { PIECE("\\u0179r\\u00f3d\\u0142owska"), PIECE("zrodlowska") },
        { PIECE("Kami\\u0144ski"), PIECE("kaminski") },
    },
};

#endif
