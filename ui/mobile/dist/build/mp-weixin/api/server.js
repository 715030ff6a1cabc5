"use strict";let i="";i="https://jinlin.invalid";exports.SERVER="https://jinlin.invalid";
