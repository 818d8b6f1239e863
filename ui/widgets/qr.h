/* An address as a QR code, two modules a cell, for the camera of a telephone. Sole owner of libqrencode. */
#ifndef PURVEY_UI_WIDGETS_QR_H
#define PURVEY_UI_WIDGETS_QR_H

#include "ui/cells.h"

/* Rows and columns that the code of this text takes, its quiet zone included; false when it cannot be made. */
bool qr_size(const char *text, int *rows, int *columns);

/* Draws it at the area's top left. Nothing where it does not fit whole, since half a code says nothing; nothing in ASCII,
   which has no half blocks. */
void qr_draw(const char *text, struct cells *cells, struct area area);

#endif
