"use strict";let t=0;exports.nextId=()=>`k${t+=1}`;
