#include "demo/public_key.h"

#include <gnutls/abstract.h>

#include "base/base64.h"

const char demo_public_key[] =
    "<RSAKeyValue><Modulus>"
    "n28Olb18toH5o0PvXx5VaTKDAR2KAV0JpdJ7MmrtDVQUxOv48HQh01i+hzYN+59zzGHxn45p+FmxXYoCsdwt6jGwBsm8xZthV3MQ"
    "5OgH4npNfYQHKnoYY+TS4hnE/QPQcOlPeKIPFHPLmmplxfS4s5lodarmRHXVpTqAdIjmzfJQCbWi7HdVYLdXcyTw2NliuwbzikFB"
    "bY43/7aZTZhZA9kk9U4msAYx+EpQ50ziKlH74jYWwghZhRLm8KKODw+8Ewp5+qcepjJJOqjWA4wwzhehWBL8sVE3bgE2+q+vWKYe"
    "DCcKhEdolz/kDqj0TPP4f1SzHdPXIr+W1TnFGUHCkQ=="
    "</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>";

static const char private_key[] =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEowIBAAKCAQEAn28Olb18toH5o0PvXx5VaTKDAR2KAV0JpdJ7MmrtDVQUxOv4\n"
    "8HQh01i+hzYN+59zzGHxn45p+FmxXYoCsdwt6jGwBsm8xZthV3MQ5OgH4npNfYQH\n"
    "KnoYY+TS4hnE/QPQcOlPeKIPFHPLmmplxfS4s5lodarmRHXVpTqAdIjmzfJQCbWi\n"
    "7HdVYLdXcyTw2NliuwbzikFBbY43/7aZTZhZA9kk9U4msAYx+EpQ50ziKlH74jYW\n"
    "wghZhRLm8KKODw+8Ewp5+qcepjJJOqjWA4wwzhehWBL8sVE3bgE2+q+vWKYeDCcK\n"
    "hEdolz/kDqj0TPP4f1SzHdPXIr+W1TnFGUHCkQIDAQABAoIBAAKrz6i+lfpQzyfn\n"
    "GXmUfoXWrM81+XvwXRsEHcBIflQ81mQ+N9t/dpmd4QNO6okOsNf5xBySPEBG8GvK\n"
    "xiTItZQ45OQYOStuYQEgEmZjZM5skiPKNHyHsyTpTocvO1ep2rIploVE4c/L6Ntb\n"
    "cP0SDo4jwdZG2LjI6J1uD3zkVkmZAOgj/zZw5USEK20TvR9TIRE9pT6MRmA7Dz3k\n"
    "4o6A9oEKPX/MgUdclD5JgfMzu5ddY+K9AXTo4YvIoykmFN7hdywyu+meROuNr2ww\n"
    "KEpG9AKfZWqqgHXtXDH2oSFGLYiYZku37YSGfiXdLGWiHS/bleyFZMH/YCalWV53\n"
    "MHCmlmECgYEA2i1zWMexxjjlOYC4+2dYHwbSGO0I0CnfDnD+I6S8NGCDTHd1sq8+\n"
    "kD6BGVwawXlL2e+nbCvxOd/SfqE5rUNFKhdfc5RuDstbz8gqZ3xHa13w+w4uC04A\n"
    "XzI8NW5ASKyMyIH1C34PFlA/eT8O0ctTgWv2NjmAS4yTRIqF2lemN6UCgYEAuxKb\n"
    "CbEafoF7Ze7i0cGmeizQBQCnrF3txRSFD66RTL1GVPw2ZRzKhYuuHbtMhZ+KvLrc\n"
    "Bu8TSXUuAF/oLJQ5Ekttcn/Tv7EyG7//fGqIyM0VYyBpk4+oA8HfVJKokWRN0Yx5\n"
    "hL9W8LyrBebMTeEJ5n8+eyssV1sRvR5GH/O6i30CgYEAivBcv1HUVT5QQ5FEu9zx\n"
    "EjkevH7emOnBQYoVXY9/xv8bPivpCRRujB8xyXuNEl5zPmNOxCUrpkZx3vA/MaZg\n"
    "OlDOGWWRvNwmKKj40BQlyyr01nwOOGbA996e1wvR5jX0JZAVA++QHg6WjVjp0BJi\n"
    "qE2faqKtn+7yrbhlS0l78X0CgYBEwV7YHg6FxmMrILSesVTVfJjr7cSylkcocxVA\n"
    "oUFn+fzaiWQYn49Tq/XPmaJTTkL4gJkTt1TYX8gLfTRhBg0/yxcryQ1zW9X12wg0\n"
    "mxcw7idZKnWDNX5j+yJw/AIWhc4QIVgcURLMIhudbKlUSkyQOd4l+MUwShln77OI\n"
    "VNUQJQKBgEHjVCP2C6iP/hniFWDFIP7rH9C42OKEo2KmMI9Cb/aNbLyEjfV/5HDB\n"
    "DF03XATAx51Gihqb5to4N1wk5QzDS38AfnQJMqUGv88f6l94T3H+GacZ5fbTrlmH\n"
    "qmShr4GxUmRavZehskxezn/WyxJbBLI9m689LE8FatURUJFfC3Nk\n"
    "-----END RSA PRIVATE KEY-----\n";

static gnutls_privkey_t import(void)
{
    const gnutls_datum_t pem = { (unsigned char *)(uintptr_t)private_key, sizeof private_key - 1 };
    gnutls_privkey_t key;
    if (gnutls_privkey_init(&key) < 0) {
        return NULL;
    }
    if (gnutls_privkey_import_x509_raw(key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0) < 0) {
        gnutls_privkey_deinit(key);
        return NULL;
    }
    return key;
}

bool demo_unseal(struct str base64, struct buf *clear)
{
    struct buf sealed = BUF_INIT(BUF_SMALL);
    gnutls_datum_t plain = { NULL, 0 };
    gnutls_privkey_t key = base64_decode(base64, &sealed) ? import() : NULL;
    const gnutls_datum_t cipher = { (unsigned char *)sealed.data, (unsigned)sealed.len };
    bool good = key && gnutls_privkey_decrypt_data(key, 0, &cipher, &plain) >= 0;
    if (good) {
        buf_add(clear, (struct str){ (const char *)plain.data, plain.size });
    }
    gnutls_free(plain.data);
    if (key) {
        gnutls_privkey_deinit(key);
    }
    buf_free(&sealed);
    return good;
}

bool demo_seal(struct str clear, struct buf *base64)
{
    const gnutls_datum_t plain = { (unsigned char *)(uintptr_t)clear.data, (unsigned)clear.len };
    gnutls_datum_t cipher = { NULL, 0 };
    gnutls_pubkey_t public = NULL;
    gnutls_privkey_t key = import();
    bool good = key && gnutls_pubkey_init(&public) >= 0 && gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0 &&
                gnutls_pubkey_encrypt_data(public, 0, &plain, &cipher) >= 0;
    if (good) {
        base64_encode((struct str){ (const char *)cipher.data, cipher.size }, base64);
    }
    gnutls_free(cipher.data);
    if (public) {
        gnutls_pubkey_deinit(public);
    }
    if (key) {
        gnutls_privkey_deinit(key);
    }
    return good;
}
